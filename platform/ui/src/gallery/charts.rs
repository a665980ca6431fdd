//! Charts of the gallery.

use maud::Markup;
use messages::Text;

use crate::{
    Cx, Href, Tone,
    chart::{
        Bar, Bars, ControlChart, ControlPoint, DotRow, DotWhisker, HeatMap, HeatRow, Interval, LineChart,
        LineMark, LinePoint, Unit, bars, control_chart, dot_whisker, heat_map, line_chart,
    },
    stack, wide_grid,
};

fn line() -> LineChart {
    LineChart {
        title: Text::fixed("确认理解 · 使用率", "Checking understanding · uptake"),
        note: Some(Text::fixed("按周，带 95% 区间", "by week, with the 95 % interval")),
        unit: Unit::Percent,
        points: (0..12_u8)
            .map(|week| {
                let value = 0.58 + f64::from(week) * 0.022 + f64::from(week * 7 % 5) * 0.008;
                LinePoint {
                    label: format!("第{}周", week + 1),
                    value: (week != 4).then_some(value),
                    band: (week != 4).then_some((value - 0.05, (value + 0.05).min(1.0))),
                    n: Some(300 + u64::from(week) * 37 % 90),
                }
            })
            .collect(),
        target: Some(0.85),
        marks: vec![LineMark { at: 6, text: Text::fixed("练兵", "drill") }],
    }
}

fn bar_chart() -> Bars {
    let names = ["宽带故障一组", "宽带故障二组", "账务一组", "营销外呼组", "投诉处理与客户关怀一组"];
    Bars {
        title: Text::fixed("每周受影响的会话", "Conversations affected a week"),
        note: Some(Text::fixed("通", "calls")),
        unit: Unit::Count,
        bars: names
            .iter()
            .enumerate()
            .map(|(at, name)| Bar {
                label: (*name).to_owned(),
                value: (at != 3).then_some(96.0 - at as f64 * 17.0),
                tone: if at == 0 { Tone::Bad } else { Tone::Plain },
                href: Some(Href::new("/gaps").with("team", at)),
            })
            .collect(),
        reference: Some((Text::fixed("平均", "mean"), 58.0)),
    }
}

pub(super) fn pair(cx: &Cx) -> Markup {
    wide_grid(&[line_chart(cx, &line()), bars(cx, &bar_chart())])
}

pub(super) fn all(cx: &Cx) -> Markup {
    let dots = DotWhisker {
        title: Text::fixed("各组使用率", "Uptake by team"),
        note: Some(Text::fixed(
            "点为估计值，线为 95% 区间；灰色样本不足",
            "dot: estimate, line: 95 % interval; grey: too few",
        )),
        rows: (0..6)
            .map(|at| {
                let value = 0.5 + f64::from(at) * 0.08;
                let half = if at == 2 { 0.25 } else { 0.04 + f64::from(at) * 0.006 };
                DotRow {
                    label: format!("宽带{}组", at + 1),
                    href: Some(Href::new("/units").segment(at)),
                    interval: (at != 4).then_some(Interval {
                        value,
                        low: value - half,
                        high: value + half,
                        target: None,
                    }),
                    n: if at == 2 { 9 } else { 412 },
                    small: at == 2,
                }
            })
            .collect(),
        target: Some(0.85),
    };
    let control = ControlChart {
        title: Text::fixed("推诿用语 · 每日占比", "Blame · share by day"),
        note: None,
        unit: Unit::Percent,
        centre: 0.06,
        points: (0..24)
            .map(|day| {
                let width = 0.02 + f64::from(day % 7) * 0.002;
                let value = if day == 17 { 0.118 } else { 0.06 + (f64::from(day * 13 % 10) - 4.5) * 0.003 };
                ControlPoint {
                    label: format!("{}", day + 1),
                    value: Some(value),
                    limits: (0.06 - width, 0.06 + width),
                }
            })
            .collect(),
    };
    let heat = HeatMap {
        title: Text::fixed("来电量", "Conversations"),
        note: Some(Text::fixed("近 4 周，按星期与小时", "last 4 weeks, by weekday and hour")),
        unit: Unit::Count,
        columns: (8..22).map(|hour| format!("{hour}:00")).collect(),
        rows: ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]
            .iter()
            .enumerate()
            .map(|(day, name)| HeatRow {
                label: (*name).to_owned(),
                values: (0..14)
                    .map(|hour| (day != 6 || hour > 3).then_some(((day * 31 + hour * 17) % 90) as f64))
                    .collect(),
            })
            .collect(),
    };
    stack(&[pair(cx), wide_grid(&[dot_whisker(cx, &dots), control_chart(cx, &control)]), heat_map(cx, &heat)])
}
