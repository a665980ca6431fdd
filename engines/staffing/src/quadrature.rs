//! The waiting time that is offered in a queue with exponential patience, integrated.
//!
//! Whoever arrives while all places are taken is offered the wait v with a density proportional to
//! exp(λ (1 − e^(−θv))/θ − sv), where s is the capacity and θ the impatience (Mandelbaum and Zeltyn 2007, "Service
//! engineering in action: the Palm/Erlang-A queue", and 2005, "The Palm/Erlang-A queue, with applications to call
//! centers"). The exponent is concave. It is always taken relative to its peak, by a form without cancellation, and
//! integrated by Gauss–Legendre in panels over the part that counts.

use crate::waiting::Queue;

/// Positive nodes of the 8-point Gauss–Legendre rule on −1..1 with their weights.
const FEW_NODES: [(f64, f64); 4] = [
    (0.183_434_642_495_649_8, 0.362_683_783_378_362),
    (0.525_532_409_916_329, 0.313_706_645_877_887_27),
    (0.796_666_477_413_626_7, 0.222_381_034_453_374_48),
    (0.960_289_856_497_536_3, 0.101_228_536_290_376_26),
];
/// Positive nodes of the 16-point Gauss–Legendre rule on −1..1 with their weights.
const NODES: [(f64, f64); 8] = [
    (0.095_012_509_837_637_44, 0.189_450_610_455_068_5),
    (0.281_603_550_779_258_9, 0.182_603_415_044_923_6),
    (0.458_016_777_657_227_4, 0.169_156_519_395_002_54),
    (0.617_876_244_402_643_7, 0.149_595_988_816_576_73),
    (0.755_404_408_355_003, 0.124_628_971_255_533_87),
    (0.865_631_202_387_831_7, 0.095_158_511_682_492_78),
    (0.944_575_023_073_232_6, 0.062_253_523_938_647_89),
    (0.989_400_934_991_649_9, 0.027_152_459_411_754_095),
];
/// Depth below the peak, as a logarithm, where the density no longer counts (e⁻⁴¹ is below 2e-18).
const FLOOR: f64 = 41.0;
/// Most change of the exponent in a panel, and most patience it may span: 16 nodes then leave less than 1e-13.
const PANEL_DEPTH: f64 = 9.0;
const PANEL_PATIENCE: f64 = 1.0;
/// Up to here 8 nodes leave less than 1e-15: the usual case of a short threshold.
const FEW_DEPTH: f64 = 2.0;
const FEW_PATIENCE: f64 = 0.5;
/// Most panels. The longest stretch is that of a patience far shorter than the service (about 85).
const MOST_PANELS: f64 = 256.0;

/// Integrals of the offered wait up to some time, in units of the density's peak.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Area {
    /// Of the density.
    pub all: f64,
    /// Of the density times the chance that patience lasts.
    pub answered: f64,
    /// Of the density times the chance that it does not.
    pub abandoned: f64,
    /// Of the density times the chance that it lasts, times the wait.
    pub answered_wait: f64,
}

/// The density of the offered wait of a queue.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quadrature {
    /// By how much the capacity exceeds the load, or 0 under overload.
    surplus: f64,
    /// What multiplies the bend of the exponent: the smaller of load and capacity.
    rate: f64,
    impatience: f64,
    capacity: f64,
    /// The most likely wait, and the share of patience left there.
    peak: f64,
    patient_at_peak: f64,
    lost_at_peak: f64,
    exponent: f64,
    /// From here on everybody has given up: the density falls with the capacity alone.
    worn: f64,
}

impl Quadrature {
    pub fn of(queue: &Queue) -> Self {
        let Queue { offered, capacity, impatience } = *queue;
        let worn = (39.0 + (offered / impatience).ln().max(0.0)) / impatience;
        let surplus = (capacity - offered).max(0.0);
        let rate = offered.min(capacity);
        let (mut peak, mut exponent, mut patient_at_peak, mut lost_at_peak) = (0.0, 0.0, 1.0, 0.0);
        if offered > capacity {
            let missing = (offered - capacity) / offered;
            // With nearly no capacity ln 0 would come in; the logarithm of the ratio does not mind.
            let z = if missing < 0.5 { -(-missing).ln_1p() } else { (offered / capacity).ln() };
            peak = z / impatience;
            exponent = offered * peak * (missing - bend(z).0);
            (patient_at_peak, lost_at_peak) = ((-z).exp(), -(-z).exp_m1());
        }
        Self { surplus, rate, impatience, capacity, peak, patient_at_peak, lost_at_peak, exponent, worn }
    }

    /// Logarithm of the density's peak over its value at 0.
    pub fn peak_exponent(&self) -> f64 {
        self.exponent
    }

    /// Depth of the exponent below its peak at a distance `y` from it, with the share of patience left there relative
    /// to the peak, and the share lost.
    fn depth(&self, y: f64) -> (f64, f64, f64) {
        let (bend, patient, lost) = bend(self.impatience * y);
        (y * (self.surplus + self.rate * bend), patient, lost)
    }

    /// The stretch outside of which the density is below e⁻⁴¹ of its peak, as distances from the peak.
    ///
    /// To the right the bend of z is at least z/(2 + z), which makes the depth a quadratic; to the left the depth
    /// K = eᶻ − 1 − z is bounded by √(2K) and by ln(1 + K + √(2K)).
    fn stretch(&self) -> (f64, f64) {
        let Self { surplus, rate, impatience, .. } = *self;
        let (whole, b) = (surplus + rate, 2.0 * surplus - FLOOR * impatience);
        let root = (b * b + 8.0 * FLOOR * whole * impatience).sqrt();
        let right = if b > 0.0 { 4.0 * FLOOR / (b + root) } else { (root - b) / (2.0 * whole * impatience) };
        let left = FLOOR * impatience / rate;
        let left = (2.0 * left).sqrt().min((1.0 + left + (2.0 * left).sqrt()).ln()) / impatience;
        (left, right)
    }

    /// The integrals from 0 to `until`, in handling times.
    pub fn area(&self, until: f64) -> Area {
        let (left, right) = self.stretch();
        let low = (self.peak - left).max(0.0);
        let high = (self.peak + right).min(until);
        let mut area = Area::default();
        if low >= high {
            return area;
        }
        let worn = high.min(self.worn.max(low));
        let change = self.depth(low - self.peak).0 + self.depth(worn - self.peak).0;
        let panels = (change / PANEL_DEPTH).max(self.impatience * (worn - low) / PANEL_PATIENCE);
        let panels = panels.ceil().clamp(1.0, MOST_PANELS);
        let half = (worn - low) / panels / 2.0;
        let few = change < FEW_DEPTH && self.impatience * (worn - low) < FEW_PATIENCE;
        let nodes = if few { &FEW_NODES[..] } else { &NODES[..] };
        let mut panel = 0.0;
        while panel < panels {
            self.panel(nodes, low + half * (2.0 * panel + 1.0), half, &mut area);
            panel += 1.0;
        }
        if worn < high {
            // Nobody of these is answered, and the density is a plain exponential.
            let height = (-self.depth(worn - self.peak).0).exp();
            let tail = -height * (-self.capacity * (until - worn)).exp_m1() / self.capacity;
            area.all += tail;
            area.abandoned += tail;
        }
        area
    }

    fn panel(&self, nodes: &[(f64, f64)], middle: f64, half: f64, area: &mut Area) {
        for &(node, weight) in nodes {
            for x in [middle - half * node, middle + half * node] {
                let (depth, patient, lost) = self.depth(x - self.peak);
                let density = half * weight * (-depth).exp();
                let answered = self.patient_at_peak * patient * density;
                area.all += density;
                area.answered += answered;
                area.abandoned += (self.lost_at_peak + self.patient_at_peak * lost) * density;
                area.answered_wait += x * answered;
            }
        }
    }
}

/// Where the power series takes over from the exponential function.
const SMALL: f64 = 0.5;
/// 1/(k + 1)! for odd k, and −1/(k + 1)! for even k: the even and the odd powers of what is multiplied by z.
const EVEN: [f64; 8] = reciprocals(2, 1.0);
const ODD: [f64; 8] = reciprocals(3, -1.0);

/// `sign`/k! for k = `first`, `first` + 2, …
const fn reciprocals(first: u32, sign: f64) -> [f64; 8] {
    let mut all = [0.0; 8];
    let (mut place, mut k, mut factorial) = (0, 1, 1.0);
    while place < all.len() {
        factorial *= k as f64;
        if k >= first && (k - first).is_multiple_of(2) {
            all[place] = sign / factorial;
            place += 1;
        }
        k += 1;
    }
    all
}

/// 1 − (1 − e⁻ᶻ)/z, then e⁻ᶻ and 1 − e⁻ᶻ, without cancellation for small z.
fn bend(z: f64) -> (f64, f64, f64) {
    if z.abs() < SMALL {
        // Even and odd powers apart: two short chains of multiplications instead of a long one.
        let square = z * z;
        let even = EVEN.iter().rev().fold(0.0, |sum, &c| sum * square + c);
        let odd = ODD.iter().rev().fold(0.0, |sum, &c| sum * square + c);
        let bend = z * (even + z * odd);
        let lost = z * (1.0 - bend);
        (bend, 1.0 - lost, lost)
    } else {
        let lost = -(-z).exp_m1();
        (1.0 - lost / z, 1.0 - lost, lost)
    }
}
