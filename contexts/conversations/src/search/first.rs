//! The first of an order among what a query matches, and how many match, without going through all of them.
//!
//! The index holds conversations in the order of their arrival; lists show them by time or length, and count up to a
//! limit. Both at once take one walk. It counts matches as they lie, where neighbours are read together, until there
//! are enough. Then it asks only those that a stretch at the beginning of the order holds, each by its number,
//! whether they match: what is frequent fills a page from a thousandth of them. When the stretch did not hold enough,
//! a longer one follows, as long as the matches counted so far make likely. What is rare ends before it is counted
//! enough, and nothing is left to ask.

use std::{cmp::Reverse, collections::BinaryHeap};

use tantivy::{
    DocId, Searcher, SeekDangerResult, SegmentReader, TERMINATED,
    columnar::Column,
    fastfield::AliveBitSet,
    query::{EnableScoring, Query, Scorer},
};

/// Matches counted at least, also for a page that shows no count: they tell how long stretches must be.
const COUNTED_MIN: u64 = 1_000;
/// Conversations in the first stretch for each row of the page: enough where one of ten matches.
const STRETCH_PER_ROW: u64 = 20;
/// How much longer than the one before a further stretch is at least.
const STRETCH_GROWTH: u64 = 4;
/// A stretch should hold so many times as many matches as the page: chance must not make another one necessary.
const SURPLUS: u64 = 2;
/// Values looked at to find where stretches end: enough to tell a thousandth of the whole.
const SAMPLED: u64 = 8_192;

/// A place in the order: the larger comes first. Where the smaller value comes first, values are negated and ids
/// inverted.
pub(super) type Key = (i64, u128);

/// What comes first.
pub(super) struct Order {
    /// The column whose values give the order.
    pub column: &'static str,
    /// 1 where the largest value comes first, −1 where the smallest does.
    pub sign: i64,
    /// Nothing outside these values, both inclusive, is matched by the query; in the column's own terms.
    pub within: (i64, i64),
    /// Only what comes after this.
    pub after: Option<Key>,
    /// At most so many.
    pub limit: usize,
}

/// Values of the order, times its sign: the last and the first one of a part of it, both inclusive.
#[derive(Clone, Copy)]
struct Stretch {
    last: i64,
    first: i64,
}

impl Order {
    fn whole(&self) -> Stretch {
        let (low, high) = self.within;
        let (last, first) =
            if self.sign < 0 { (high.saturating_neg(), low.saturating_neg()) } else { (low, high) };
        Stretch { last, first: self.after.map_or(first, |(value, _)| first.min(value)) }
    }
}

/// The first matches in the order, first come first, and how many there are: all of them, or at least `count_to`.
pub(super) fn first(
    searcher: &Searcher,
    query: &dyn Query,
    order: &Order,
    count_to: u64,
) -> tantivy::Result<(Vec<Key>, u64)> {
    let weight = query.weight(EnableScoring::disabled_from_searcher(searcher))?;
    let open = |reader| Segment::open(reader, order);
    let segments: Vec<Segment<'_>> = searcher.segment_readers().iter().map(open).collect::<Result<_, _>>()?;
    let docs: u64 = segments.iter().map(|segment| u64::from(segment.reader.max_doc())).sum();
    let whole = order.whole();
    let sample = Sample::of(&segments, docs, whole);
    let mut walk = Walk::new(order, count_to.max(COUNTED_MIN));
    let rows = u64::try_from(order.limit).unwrap_or(u64::MAX);
    let (mut begin, mut length) = (whole.first, rows.saturating_mul(STRETCH_PER_ROW));
    loop {
        let stretch = Stretch { last: sample.end(begin, length).unwrap_or(whole.last), first: begin };
        for segment in &segments {
            walk.through(segment, weight.scorer(segment.reader, 1.0)?.as_mut(), stretch);
        }
        if walk.counted < walk.enough {
            break;
        }
        // Of what was counted on the way only those within the stretches are known to come first.
        walk.kept.retain(|Reverse((value, _))| *value >= stretch.last);
        if walk.kept.len() >= order.limit || stretch.last <= whole.last {
            break;
        }
        begin = stretch.last - 1;
        let likely = rows.saturating_mul(SURPLUS).saturating_mul(walk.passed) / walk.counted.max(1);
        length = length.saturating_mul(STRETCH_GROWTH).max(likely);
    }
    let mut kept: Vec<Key> = walk.kept.into_iter().map(|Reverse(key)| key).collect();
    kept.sort_unstable_by(|a, b| b.cmp(a));
    Ok((kept, walk.counted))
}

/// Values of the order, evenly picked.
struct Sample {
    /// Those within the whole, first come first.
    values: Vec<i64>,
    /// One value stands for so many conversations.
    each: u64,
}

impl Sample {
    fn of(segments: &[Segment<'_>], docs: u64, whole: Stretch) -> Sample {
        let each = docs.div_ceil(SAMPLED).max(1);
        let step = usize::try_from(each).unwrap_or(usize::MAX);
        let mut values: Vec<i64> = segments
            .iter()
            .flat_map(|segment| (0..segment.reader.max_doc()).step_by(step).map(|doc| segment.value(doc)))
            .filter(|value| (whole.last..=whole.first).contains(value))
            .collect();
        values.sort_unstable_by(|a, b| b.cmp(a));
        Sample { values, each }
    }

    /// Where a stretch of about so many conversations ends; `None` when no more are left.
    fn end(&self, begin: i64, length: u64) -> Option<i64> {
        let before = self.values.partition_point(|value| *value > begin);
        let steps = usize::try_from(length.div_ceil(self.each)).ok()?;
        self.values.get(before.checked_add(steps)?).copied()
    }
}

/// A part of the index, with what is read of each conversation in it.
struct Segment<'a> {
    reader: &'a SegmentReader,
    alive: Option<&'a AliveBitSet>,
    order: Column<i64>,
    sign: i64,
    high: Column<u64>,
    low: Column<u64>,
}

impl Segment<'_> {
    fn open<'a>(reader: &'a SegmentReader, order: &Order) -> tantivy::Result<Segment<'a>> {
        let fast = reader.fast_fields();
        Ok(Segment {
            reader,
            alive: reader.alive_bitset(),
            order: fast.i64(order.column)?,
            sign: order.sign,
            high: fast.u64("id_high")?,
            low: fast.u64("id_low")?,
        })
    }

    fn value(&self, doc: DocId) -> i64 {
        self.order.first(doc).unwrap_or_default() * self.sign
    }

    fn id(&self, doc: DocId) -> u128 {
        let half = |column: &Column<u64>| u128::from(column.first(doc).unwrap_or_default());
        in_order((half(&self.high) << 64) | half(&self.low), self.sign)
    }

    fn is_alive(&self, doc: DocId) -> bool {
        self.alive.is_none_or(|alive| alive.is_alive(doc))
    }

    /// What stands within a stretch of the order, as it lies.
    fn standing_in(&self, stretch: Stretch) -> Vec<DocId> {
        let mut docs = Vec::new();
        if stretch.last > stretch.first {
            return docs;
        }
        let values = if self.sign < 0 {
            stretch.first.saturating_neg()..=stretch.last.saturating_neg()
        } else {
            stretch.last..=stretch.first
        };
        self.order.get_docids_for_value_range(values, 0..self.reader.max_doc(), &mut docs);
        docs
    }
}

/// Goes through the parts of the index.
struct Walk<'a> {
    order: &'a Order,
    kept: BinaryHeap<Reverse<Key>>,
    counted: u64,
    enough: u64,
    /// Conversations among which were those counted.
    passed: u64,
}

impl Walk<'_> {
    fn new(order: &Order, enough: u64) -> Walk<'_> {
        Walk { order, kept: BinaryHeap::new(), counted: 0, enough, passed: 0 }
    }

    /// Counts until there are enough; keeps what is counted and what stands in the stretch.
    fn through(&mut self, segment: &Segment<'_>, matches: &mut dyn Scorer, stretch: Stretch) {
        let counts = self.counted < self.enough;
        let mut next = matches.doc();
        while self.counted < self.enough && next != TERMINATED {
            if segment.is_alive(next) {
                self.counted += 1;
                self.keep(segment, next);
            }
            next = matches.advance();
        }
        if counts {
            self.passed += u64::from(next.min(segment.reader.max_doc()));
        }
        if next == TERMINATED {
            return;
        }
        if segment.is_alive(next) && (stretch.last..=stretch.first).contains(&segment.value(next)) {
            self.keep(segment, next);
        }
        // Whether one matches is cheaper to learn than which is the next that does. Answers say up to where there is
        // none, and no question goes back.
        let mut none_before = next + 1;
        for doc in segment.standing_in(stretch) {
            if doc < none_before || !segment.is_alive(doc) {
                continue;
            }
            match matches.seek_danger(doc) {
                SeekDangerResult::Found => self.keep(segment, doc),
                SeekDangerResult::SeekLowerBound(bound) => none_before = bound,
            }
        }
    }

    fn keep(&mut self, segment: &Segment<'_>, doc: DocId) {
        let value = segment.value(doc);
        let is_full = self.kept.len() >= self.order.limit;
        // The id is read only for what may be kept: most are not.
        if is_full && self.kept.peek().is_none_or(|Reverse(least)| value < least.0) {
            return;
        }
        if self.order.after.is_some_and(|after| value > after.0) {
            return;
        }
        let key = (value, segment.id(doc));
        if self.order.after.is_some_and(|after| key >= after) {
            return;
        }
        self.kept.push(Reverse(key));
        if self.kept.len() > self.order.limit {
            self.kept.pop();
        }
    }
}

/// Ids in an order that runs with the sign: the larger first, or the smaller. Twice is the id again.
pub(super) const fn in_order(id: u128, sign: i64) -> u128 {
    if sign < 0 { !id } else { id }
}
