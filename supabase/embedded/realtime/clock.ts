/**
 * Milliseconds on a clock that only ever runs forward and at one speed. For durations; the wall
 * clock jumps when it is set, and everything measured with it would end at once or never.
 */
export const monotonic = (): number => performance.now();
