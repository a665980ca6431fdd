//! A checker of plans that shares no code with the engine: it knows the centre, the plan, and Erlang.
#![allow(dead_code, reason = "each test file uses another part")]

use std::collections::HashMap;

use placement::{Attendance, Centre, Limit, Plan, Queue, Session, Span};

/// Everything that is wrong with a plan; nothing when it is right. What was held from before is not judged.
pub fn faults(centre: &Centre, plan: &Plan) -> Vec<String> {
    let mut faults = Vec::new();
    let mut minutes: HashMap<(usize, usize), Vec<(usize, bool)>> = HashMap::new();
    let mut parts: HashMap<(usize, usize, Option<usize>), usize> = HashMap::new();
    for (number, placed) in plan.placements.iter().enumerate() {
        let session = &centre.sessions[placed.session];
        let name = &session.name;
        let each = matches!(session.attendance, Attendance::Each(_));
        let person = if each { placed.people.first().copied() } else { None };
        *parts.entry((placed.session, placed.part, person)).or_default() += 1;
        attendance(session, placed, &mut faults);
        window(centre, session, placed.span, &mut faults);
        let everybody = placed.people.iter().map(|who| (*who, false));
        for (who, leading) in everybody.chain(placed.trainers.iter().map(|who| (*who, true))) {
            for interval in placed.span.start..placed.span.end {
                minutes.entry((who, interval)).or_default().push((number, leading));
            }
            let one = &centre.people[who];
            let inside = one.shifts.iter().find(|shift| {
                shift.work.start + session.edge <= placed.span.start
                    && placed.span.end + session.edge <= shift.work.end
            });
            let Some(shift) = inside else {
                faults.push(format!("{name}: {} is not in a shift", one.name));
                continue;
            };
            let wide = Span {
                start: placed.span.start.saturating_sub(session.edge),
                end: placed.span.end + session.edge,
            };
            if shift.breaks.iter().any(|pause| pause.meets(wide)) {
                faults.push(format!("{name}: {} has a break", one.name));
            }
            let apart = Span {
                start: placed.span.start.saturating_sub(session.gap),
                end: placed.span.end + session.gap,
            };
            if one.fixed.iter().any(|fixed| fixed.meets(apart)) {
                faults.push(format!("{name}: {} has a fixed activity", one.name));
            }
        }
    }
    for ((who, interval), sessions) in &minutes {
        if sessions.len() > 1 {
            faults.push(format!(
                "{} is in {} places at {interval}",
                centre.people[*who].name,
                sessions.len()
            ));
        }
    }
    for ((session, part, _), count) in parts {
        if count > 1 {
            faults.push(format!("part {part} of {} is placed {count} times", centre.sessions[session].name));
        }
    }
    gaps_and_topics(centre, plan, &mut faults);
    limits(centre, plan, &mut faults);
    rooms(centre, plan, &mut faults);
    faults
}

fn attendance(session: &Session, placed: &placement::Placement, faults: &mut Vec<String>) {
    let name = &session.name;
    let right = match &session.attendance {
        Attendance::All(people) => {
            let mut people = people.clone();
            people.sort_unstable();
            people == placed.people
        }
        Attendance::Group { from, size } => {
            placed.people.len() == *size && placed.people.iter().all(|who| from.contains(who))
        }
        Attendance::Each(people) => placed.people.len() == 1 && people.contains(&placed.people[0]),
    };
    if !right {
        faults.push(format!("{name}: the wrong people {:?}", placed.people));
    }
    let trainers = &session.trainers;
    if placed.trainers.len() != trainers.count
        || !placed.trainers.iter().all(|who| trainers.from.contains(who))
    {
        faults.push(format!("{name}: the wrong trainers {:?}", placed.trainers));
    }
    let whole = session.part.unwrap_or(session.length);
    let length = whole.min(session.length - placed.part * whole);
    if placed.span.end - placed.span.start != length {
        faults.push(format!("{name}: {:?} is not {length} long", placed.span));
    }
}

fn window(centre: &Centre, session: &Session, span: Span, faults: &mut Vec<String>) {
    let window = &session.window;
    let per_day = centre.grid.per_day();
    let day_right = window.days.is_empty() || window.days.contains(&(span.start / per_day));
    let hours_right = window.hours.is_none_or(|hours| {
        (span.start..span.end).all(|interval| (hours.start..hours.end).contains(&(interval % per_day)))
    });
    if span.start < window.span.start || span.end > window.span.end || !day_right || !hours_right {
        faults.push(format!("{}: {span:?} is outside its window", session.name));
    }
}

fn gaps_and_topics(centre: &Centre, plan: &Plan, faults: &mut Vec<String>) {
    for (number, a) in plan.placements.iter().enumerate() {
        for b in &plan.placements[number + 1..] {
            let (one, two) = (&centre.sessions[a.session], &centre.sessions[b.session]);
            let in_a = |who: &&usize| a.people.contains(*who) || a.trainers.contains(*who);
            let shared: Vec<usize> = b.people.iter().chain(&b.trainers).filter(in_a).copied().collect();
            if shared.is_empty() || a.session == b.session {
                continue;
            }
            let gap = one.gap.max(two.gap);
            if a.span.start < b.span.end + gap && b.span.start < a.span.end + gap {
                faults.push(format!("{} and {} are too close for {shared:?}", one.name, two.name));
            }
            let twice = b.people.iter().any(|who| a.people.contains(who));
            if one.topic.is_some() && one.topic == two.topic && twice {
                faults.push(format!("{} and {} are one topic for the same person", one.name, two.name));
            }
        }
    }
}

fn limits(centre: &Centre, plan: &Plan, faults: &mut Vec<String>) {
    let mut days: HashMap<(usize, bool, usize), usize> = HashMap::new();
    let mut weeks: HashMap<(usize, bool, usize), usize> = HashMap::new();
    for placed in &plan.placements {
        let both = [(&placed.people, false), (&placed.trainers, true)];
        for (who, leading) in
            both.iter().flat_map(|(list, leading)| list.iter().map(move |who| (*who, *leading)))
        {
            let start = placed.span.start;
            let shifts = &centre.people[who].shifts;
            let shift = shifts.iter().find(|shift| shift.work.start <= start && start < shift.work.end);
            let day = shift.map_or(start, |shift| shift.work.start) / centre.grid.per_day();
            let length = placed.span.end - placed.span.start;
            *days.entry((who, leading, day)).or_default() += length;
            *weeks.entry((who, leading, day / 7)).or_default() += length;
        }
    }
    let limit = |who: usize, leading: bool| -> Limit {
        let one = &centre.people[who];
        if leading { one.leading } else { one.attending }
    };
    for ((who, leading, day), used) in days {
        if limit(who, leading).per_day.is_some_and(|most| used > most) {
            faults.push(format!("{} has {used} on day {day}", centre.people[who].name));
        }
    }
    for ((who, leading, week), used) in weeks {
        if limit(who, leading).per_week.is_some_and(|most| used > most) {
            faults.push(format!("{} has {used} in week {week}", centre.people[who].name));
        }
    }
}

fn rooms(centre: &Centre, plan: &Plan, faults: &mut Vec<String>) {
    let mut used: HashMap<(usize, usize), usize> = HashMap::new();
    for placed in &plan.placements {
        if let Some(room) = centre.sessions[placed.session].room {
            for interval in placed.span.start..placed.span.end {
                *used.entry((room, interval)).or_default() += 1;
            }
        }
    }
    for ((room, interval), sessions) in used {
        if sessions > centre.rooms[room].parallel {
            faults.push(format!("{sessions} sessions in {} at {interval}", centre.rooms[room].name));
        }
    }
}

/// How many people of each skill set are on the phones in an interval, with or without a plan.
pub fn on_phones(centre: &Centre, plan: Option<&Plan>, interval: usize) -> HashMap<Vec<usize>, usize> {
    let mut there: HashMap<Vec<usize>, usize> = HashMap::new();
    for (who, one) in centre.people.iter().enumerate() {
        let within = |span: &Span| span.start <= interval && interval < span.end;
        let works = one.shifts.iter().any(|shift| within(&shift.work) && !shift.breaks.iter().any(within));
        let trained = plan.is_some_and(|plan| {
            plan.placements.iter().any(|placed| {
                within(&placed.span) && (placed.people.contains(&who) || placed.trainers.contains(&who))
            })
        });
        if works && !one.fixed.iter().any(within) && !trained && !one.queues.is_empty() {
            let mut queues = one.queues.clone();
            queues.sort_unstable();
            *there.entry(queues).or_default() += 1;
        }
    }
    there
}

/// The service level of a queue in an interval with so many people.
pub fn level(centre: &Centre, queue: &Queue, interval: usize, people: usize) -> f64 {
    let calls = queue.offered[interval];
    if calls <= 0.0 {
        return 1.0;
    }
    let mut load =
        staffing::Load::new(calls, centre.grid.interval_minutes as f64 * 60.0, queue.aht_seconds[interval])
            .unwrap();
    if let Some(patience) = queue.patience_seconds {
        load = load.with_patience(patience).unwrap();
    }
    let agents = people as f64 * (1.0 - centre.rules.shrinkage);
    staffing::service_level(&load, agents, queue.threshold_seconds, queue.definition).unwrap()
}

/// Whether so many people on each queue can be had from those who are there: every set of queues needs as many
/// people as know one of them (Hall 1935).
pub fn can_man(there: &HashMap<Vec<usize>, usize>, manned: &[usize]) -> bool {
    (1_u32..1 << manned.len()).all(|set| {
        let has = |queue: usize| set >> queue & 1 == 1;
        let needed: usize = manned.iter().enumerate().filter(|(queue, _)| has(*queue)).map(|(_, n)| n).sum();
        let known: usize =
            there.iter().filter(|(queues, _)| queues.iter().any(|queue| has(*queue))).map(|(_, n)| n).sum();
        needed <= known
    })
}

/// Checks the projection of a plan against people, Erlang and sums of its own; everything that differs.
pub fn projection_faults(centre: &Centre, plan: &Plan) -> Vec<String> {
    let mut faults = Vec::new();
    let queues = centre.queues.len();
    let mut sums = vec![(0.0, 0.0, 0.0); queues];
    for interval in 0..centre.grid.intervals() {
        let mut manned = [vec![0; queues], vec![0; queues]];
        let mut calls = false;
        for row in plan.projected.iter().filter(|row| row.interval == interval) {
            calls = true;
            let queue = &centre.queues[row.queue];
            for (people, told) in [(row.people_before, row.before), (row.people_after, row.after)] {
                let own = level(centre, queue, interval, people);
                if (own - told).abs() > 1e-9 {
                    faults.push(format!("{} at {interval}: {told} instead of {own}", queue.name));
                }
            }
            let offered = queue.offered[interval];
            sums[row.queue].0 += offered;
            sums[row.queue].1 += offered * row.before;
            sums[row.queue].2 += offered * row.after;
            manned[0][row.queue] = row.people_before;
            manned[1][row.queue] = row.people_after;
        }
        if calls {
            for (plan, manned) in [(None, &manned[0]), (Some(plan), &manned[1])] {
                let there = on_phones(centre, plan, interval);
                if !can_man(&there, manned) {
                    faults.push(format!("{manned:?} people at {interval} cannot be had from {there:?}"));
                }
            }
        }
    }
    let all = sums.iter().fold((0.0, 0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1, a.2 + b.2));
    let harm = if all.0 > 0.0 { 100.0 * (all.1 - all.2) / all.0 } else { 0.0 };
    if (harm - plan.harm_points).abs() > 1e-9 {
        faults.push(format!("the harm is {harm}, not {}", plan.harm_points));
    }
    faults
}
