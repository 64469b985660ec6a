/**
 * What `npm start` asks of the scenario: how the service must be set up for it, its hubs, and to play. The module itself is
 * apps/ctl/src/scenario.
 */
import type { Stack, StackOptions } from '../stack/stack.js';

export interface ScenarioFlags {
  readonly seed: number;
  readonly accounts: number;
  readonly hubs: number;
}

export interface ScenarioResult {
  /** Numeric fields of `--report`. */
  readonly report: object;
  /** One sentence each about what is not as it must be; empty when all is right. */
  readonly faults: readonly string[];
}

/** Hubs that are up, and what can be played with them. */
export interface OpenScenario {
  /** Where the hubs can be asked. */
  readonly hubsUrl: string;
  /** Plays and prints; undefined when this data folder has seen it already. */
  play(flags: ScenarioFlags, signal: AbortSignal): Promise<ScenarioResult | undefined>;
  stop(): Promise<void>;
}

export interface Scenario {
  readonly defaults: ScenarioFlags;
  /** Throws StackError when the data folder holds another scenario. */
  stackOptions(flags: ScenarioFlags, dataDir: string | undefined): Pick<StackOptions, 'hubs' | 'policy' | 'schedule'>;
  /** Starts the hubs. They stay up as long as the service, which goes on telling them what ends. */
  open(stack: Stack, signal: AbortSignal): Promise<OpenScenario>;
}
