/** `ctl epoch …`: close the epoch now, and see how far one is. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { closeEpochResponse, epochState } from '#contracts';
import type { Context } from '../command/context.js';
import { example } from '../command/context.js';
import { callService } from '../command/service-call.js';
import type { Session } from '../command/session.js';
import { table } from '../command/table.js';
import { StackError } from '../stack/stack-error.js';

export function addEpochCommands(program: Command, { session: open, print }: Context): void {
  const epoch = program.command('epoch').description('epochs: close one now, see how far one is');

  epoch
    .command('close')
    .description('close the epoch now: what hubs have sent so far is tallied')
    .option('--wait', 'until it is decided')
    .addHelpText('after', example('epoch close --wait'))
    .action(async ({ wait }: { wait?: true }, command: Command) => {
      const session = open(command);
      const url = `${session.url('correlator')}/v1/epochs`;
      const closed = await callService({
        service: 'correlator',
        url,
        body: null,
        via: session.client('correlator'),
        answer: closeEpochResponse,
      });
      print(`epoch ${closed.epoch} closed`);
      if (wait) print(await decided(session, closed.epoch));
    });

  epoch
    .command('show <number>')
    .description('how far an epoch is')
    .addHelpText('after', example('epoch show 3'))
    .action(async (number: string, _options: object, command: Command) => {
      const state = await stateOf(open(command), Number(number));
      print(table(['epoch', 'state', 'signals', 'counted'], [[state.epoch, state.state, state.signals, state.counted]]));
    });
}

const stateOf = (session: Session, epoch: number) =>
  callService({
    service: 'correlator',
    url: `${session.url('correlator')}/v1/epochs/${epoch}`,
    via: session.client('correlator'),
    answer: epochState,
  });

async function decided(session: Session, epoch: number): Promise<string> {
  for (const limit = performance.now() + 600_000; performance.now() < limit; await sleep(250)) {
    const { state, counted } = await stateOf(session, epoch);
    if (state === 'decided') return `epoch ${epoch} decided, ${counted} signals counted`;
    if (state === 'waiting') return `epoch ${epoch} waits: too few new pseudonyms, the next epoch decides`;
  }
  throw new StackError(
    `epoch ${epoch} is not decided after ten minutes`,
    '`ctl doctor` shows who is down, `ctl audit tail` whether decisions are frozen',
  );
}
