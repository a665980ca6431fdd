// server: demo
//
// Once around the loop: the specialist makes an improvement of a team's gap, the manager agrees and arranges a drill,
// somebody of that team practises with the simulated customer; an earlier improvement shows its proof, how it was
// computed, and everything behind it.

import { aroundTheLoop } from "../around.mjs";
import { journey } from "../lib.mjs";

await journey("loop", aroundTheLoop, { dark: true });
