//! The particulars of one conversation, and how they fill the slots of a phrase.

use jiff::{ToSpan, civil::Date};

use super::dice::Dice;
use super::org::{Line, full_name};

const PACKAGES: &[&str] = &[
    "畅享套餐",
    "全家福融合包",
    "青春卡",
    "孝心卡",
    "云速千兆包",
    "随心流量包",
    "悦看视频包",
    "乐购优享套餐",
    "商旅无忧包",
    "星光亲情卡",
];
const FEES: &[u32] = &[9, 15, 19, 29, 39, 49, 59, 79, 99, 129, 159, 199];
const ESTATES: &[&str] = &[
    "锦绣花园",
    "阳光新城",
    "翠湖苑",
    "滨江壹号",
    "金桂小区",
    "望江路安居苑",
    "城南家园",
    "梧桐里",
    "北辰公寓",
    "和平路二号院",
    "丽景湾",
    "银杏苑",
    "东方名都",
    "杏花村小区",
    "青年公寓",
    "学府雅居",
];
const DAYS: &[&str] = &[
    "昨天晚上",
    "前天",
    "今天早上",
    "上周五",
    "昨天下午",
    "星期一",
    "大前天",
    "昨天中午",
    "周末",
    "上个礼拜三",
];
const CALL_DAYS: &[&str] =
    &["今天下午", "明天上午", "明天下午", "后天上午", "后天下午", "周五上午", "周一下午", "明天晚上"];
const MORNING: &[&str] = &["九点", "九点半", "十点", "十点半", "十一点", "10点", "9点半"];
const AFTERNOON: &[&str] = &["两点", "两点半", "三点", "三点半", "四点", "四点半", "五点", "3点", "4点半"];
const EVENING: &[&str] = &["六点半", "七点", "七点半", "八点"];
const DUES: &[&str] = &[
    "24小时内",
    "48小时内",
    "明天中午十二点前",
    "今天下午六点前",
    "3个工作日内",
    "后天上午十点前",
    "两天内",
    "12小时内",
    "周五下班前",
    "明天下午五点前",
    "72小时内",
    "今晚八点前",
    "五个工作日内",
];
const HOLDS: &[&str] = &["一分钟", "两分钟", "一两分钟", "三十秒", "三分钟", "半分钟", "1分钟", "2分钟"];

/// Who and what one conversation is about; the same wherever it is mentioned.
pub(super) struct Case {
    customer: String,
    title: &'static str,
    agent_name: String,
    agent_no: String,
    desk: &'static str,
    line: Line,
    greeting: &'static str,
    amount: u32,
    fee: u32,
    in_words: bool,
    package: &'static str,
    address: String,
    day: &'static str,
    when: String,
    due: &'static str,
    hold: &'static str,
    /// Today, and a day some weeks ago that the conversation is about.
    today: Date,
    date: Date,
    pub phone: String,
    tail: u32,
    pin: u32,
    order: u32,
    points: u32,
}

/// What a case is made for.
pub(super) struct About<'a> {
    pub agent_name: &'a str,
    pub agent_no: &'a str,
    pub desk: &'static str,
    pub line: Line,
    pub hour: u32,
    pub date: Date,
}

impl Case {
    /// The particulars of one conversation.
    pub fn new(dice: &mut Dice, about: &About) -> Self {
        let (customer, _) = full_name(dice);
        let part = dice.pick(CALL_DAYS);
        let clock = if part.ends_with("上午") {
            dice.pick(MORNING)
        } else if part.ends_with("下午") {
            dice.pick(AFTERNOON)
        } else {
            dice.pick(EVENING)
        };
        Self {
            customer,
            title: if dice.chance(0.5) { "先生" } else { "女士" },
            agent_name: about.agent_name.to_owned(),
            agent_no: about.agent_no.to_owned(),
            desk: about.desk,
            line: about.line,
            greeting: match about.hour {
                0..12 => "早上好",
                12..18 => "下午好",
                _ => "晚上好",
            },
            amount: dice.between(6, 88),
            fee: dice.one(FEES),
            in_words: dice.chance(0.25),
            package: dice.pick(PACKAGES),
            address: format!(
                "{}{}栋{}",
                dice.pick(ESTATES),
                dice.between(1, 28),
                dice.between(1, 26) * 100 + dice.between(1, 6)
            ),
            day: dice.pick(DAYS),
            when: format!("{part}{clock}"),
            due: dice.pick(DUES),
            hold: dice.pick(HOLDS),
            today: about.date,
            date: about.date.saturating_sub(i64::from(dice.between(2, 40)).days()),
            // A number of the right shape from a block that carries no subscribers.
            phone: format!("1990000{:04}", dice.below(10_000)),
            tail: dice.below(10_000),
            pin: dice.between(100_000, 999_999),
            order: dice.below(100_000_000),
            points: dice.between(120, 9_800),
        }
    }

    /// The other agent speaks now.
    pub fn hand_to(&mut self, agent_name: &str, agent_no: &str) {
        agent_name.clone_into(&mut self.agent_name);
        agent_no.clone_into(&mut self.agent_no);
    }

    /// Writes `phrase` to the end of `out` with its slots filled. An unknown slot stays as it is.
    pub fn fill(&self, dice: &mut Dice, phrase: &str, out: &mut String) {
        let mut rest = phrase;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((slot, tail)) = after.split_once('}') else {
                out.push('{');
                rest = after;
                continue;
            };
            self.slot(dice, slot, out);
            rest = tail;
        }
        out.push_str(rest);
    }

    fn slot(&self, dice: &mut Dice, slot: &str, out: &mut String) {
        use std::fmt::Write as _;
        // Writing to a string cannot fail.
        let _ = match slot {
            "cust" => write!(out, "{}", self.customer),
            "ttl" => write!(out, "{}", self.title),
            "no" => write!(out, "{}", self.agent_no),
            "full" => write!(out, "{}", self.agent_name),
            "nick" => write!(out, "小{}", first_char(&self.agent_name)),
            "asur" => write!(out, "{}", first_char(&self.agent_name)),
            "hi" => write!(out, "{}", self.greeting),
            "desk" => write!(out, "{}", self.desk),
            "amt" => self.money(self.amount, out),
            "amt2" => self.money(self.amount + self.fee, out),
            "fee" => self.money(self.fee, out),
            "pkg" => write!(out, "{}", self.package),
            "addr" => write!(out, "{}", self.address),
            "day" => write!(out, "{}", self.day),
            "when" => write!(out, "{}", self.when),
            "due" => write!(out, "{}", self.due),
            "who" => write!(out, "{}", dice.pick(self.line.specialists())),
            "min" => write!(out, "{}", self.hold),
            "date" => write!(out, "{}月{}号", self.date.month(), self.date.day()),
            "soon" => {
                let soon = self.today.saturating_add(i64::from(dice.between(1, 6)).days());
                write!(out, "{}月{}号", soon.month(), soon.day())
            }
            "mon" => write!(out, "{}", self.date.month()),
            "tel" => write!(out, "{}", self.phone),
            "tail" => write!(out, "{:04}", self.tail),
            "pin" => write!(out, "{}", self.pin),
            "ord" => write!(out, "20{:08}", self.order),
            "pts" => write!(out, "{}", self.points),
            "gb" => write!(out, "{}", dice.one(&[20_u32, 30, 40, 60, 80, 100])),
            "mb" => write!(out, "{}", dice.one(&[100_u32, 200, 300, 500])),
            "err" => write!(out, "{}", dice.between(1_001, 9_099)),
            unknown => write!(out, "{{{unknown}}}"),
        };
    }

    /// Some transcripts write numbers as digits, some as they are spoken.
    fn money(&self, amount: u32, out: &mut String) -> std::fmt::Result {
        if self.in_words {
            out.push_str(&in_words(amount));
        } else {
            use std::fmt::Write as _;
            write!(out, "{amount}")?;
        }
        Ok(())
    }
}

fn first_char(name: &str) -> char {
    name.chars().next().unwrap_or('王')
}

/// A number below 1 000 as it is spoken.
pub(super) fn in_words(number: u32) -> String {
    const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let digit = |value: u32| DIGITS[(value % 10) as usize];
    let (hundreds, tens, ones) = (number / 100 % 10, number / 10 % 10, number % 10);
    let mut words = String::new();
    if hundreds > 0 {
        words.extend([digit(hundreds), '百']);
    }
    match (hundreds, tens) {
        (0, 1) => words.push('十'),
        (_, 1..) => words.extend([digit(tens), '十']),
        (1.., 0) if ones > 0 => words.push('零'),
        _ => {}
    }
    if ones > 0 || number == 0 {
        words.push(digit(ones));
    }
    words
}
