// The order of test files on a machine that has not run them before, where Jest goes by their size: the longest first, so that no worker
// is left with a long one in the end. Where it has, their durations are known and better.
import Sequencer from '@jest/test-sequencer';

/** Seconds, roughly: of the folders, and of a file that is much longer than its folder. Among equals, Jest's own order stays. */
const folders = { e2e: 45, linkage: 45, simulation: 30, integration: 8, he: 6, vectors: 2 };
const files = { 'linkage/linkage.spec.ts': 330 };

function secondsOf(path) {
  const [, inTest] = /\/test\/(.+)$/.exec(path.replaceAll('\\', '/')) ?? [];
  if (inTest === undefined) return 1;
  return files[inTest] ?? folders[inTest.split('/')[0]] ?? 1;
}

export default class LongestFirst extends Sequencer {
  sort(tests) {
    const inOrder = super.sort(tests);
    if (inOrder.some(({ duration }) => duration != null)) return inOrder;
    return [...inOrder].sort((one, other) => secondsOf(other.path) - secondsOf(one.path));
  }
}
