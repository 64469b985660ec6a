/** What two hubs together make of the times at which pseudonyms end: a simulation, so it takes no service and says the same everywhere. */
import type { Group } from '../bench-context.js';
import { playAttack } from './timing-runs.js';
import type { Attack } from './timing-runs.js';

/** One world each; a run of the benchmark is the same as any other. */
const seeds = [1, 2, 3, 4, 5];

export const timing: Group = {
  name: 'timing',
  figures: ['timing_link_advantage', 'timing_link_advantage_no_delay', 'timing_link_bayes_factor'],
  run({ measurements, say }) {
    const play = (name: string, attack: Attack) => {
      const worlds = seeds.map((seed) => playAttack(attack, seed));
      const [{ advantage, within95, truePositiveRate, falsePositiveRate }] = worlds as [(typeof worlds)[number]];
      const numbers = [advantage, within95.low, within95.high, truePositiveRate, falsePositiveRate].map((one) => one.toFixed(3));
      say(`${name}: advantage ${numbers[0]} (95 %: ${numbers[1]} to ${numbers[2]}), TPR ${numbers[3]}, FPR ${numbers[4]}`);
      return worlds;
    };
    const delayed = play('default delays', { delays: 'default', sees: 'streams' });
    const none = play('no delays', { delays: 'none', sees: 'streams' });
    const lists = play('default delays, lists alone', { delays: 'default', sees: 'lists' });
    measurements.record(
      'timing_link_advantage',
      delayed.map(({ advantage }) => advantage),
    );
    measurements.record(
      'timing_link_advantage_no_delay',
      none.map(({ advantage }) => advantage),
    );
    measurements.record(
      'timing_link_bayes_factor',
      delayed.map(({ bayesFactor }) => bayesFactor.median),
    );
    const note = (name: string, unit: string, samples: readonly number[], what: string) =>
      measurements.note(name, unit, samples, what);
    note(
      'timing_link_bayes_factor_95',
      '',
      delayed.map(({ bayesFactor }) => bayesFactor.high),
      'what one true pair in twenty reaches',
    );
    note(
      'timing_link_bayes_factor_no_delay',
      '',
      none.map(({ bayesFactor }) => bayesFactor.median),
      'the same without delays, median',
    );
    note(
      'timing_link_advantage_lists',
      '',
      lists.map(({ advantage }) => advantage),
      'default delays, seen by the status lists alone',
    );
    note(
      'timing_link_anonymity_set',
      '',
      delayed.map(({ anonymitySet }) => anonymitySet),
      'pseudonyms of the other hub that fit as well as the true one, median',
    );
    note(
      'timing_link_anonymity_set_no_delay',
      '',
      none.map(({ anonymitySet }) => anonymitySet),
      'the same without delays',
    );
    return Promise.resolve();
  },
};
