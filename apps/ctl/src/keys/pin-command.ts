/** `ctl keys pin`: the key holder's public file as it is now, for the processes that follow their copy of it. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { pinAnswer } from '#contracts';
import { isSameKeyHolder, readPinText } from '#pseudonyms';
import type { PinDocument } from '#pseudonyms';
import type { Context } from '../command/context.js';
import { example } from '../command/context.js';
import { StackError } from '../stack/stack-error.js';
import { callKeyholder } from '../command/keyholder-call.js';

export function addPinCommand(keys: Command, { session: open, print }: Context): void {
  keys
    .command('pin [file]')
    .description("write the key holder's public file over a copy of it; who pins that copy follows within a second")
    .addHelpText('after', example('keys pin config/keyholder-public.json'))
    .action(async (given: string | undefined, _options: object, command: Command) => {
      const session = open(command);
      const file = given === undefined ? session.keyholderPinFile : session.path(given);
      const { pin: text } = await callKeyholder(session, '/v1/pin', pinAnswer);
      const pin = checked(text, 'the key holder answered no pin', 'is it the right key holder?');
      if (!existsSync(file)) throw new StackError(`${file} does not exist`, 'copy the first pin by hand, from the ceremony');
      const kept = checked(
        readFileSync(file, 'utf8'),
        `${file} is no pin of a key holder`,
        'name the copy that the processes read',
      );
      if (!isSameKeyHolder(pin, kept))
        throw new StackError(`${file} pins another key holder`, 'the root key never changes: find out who answered');
      writeFileSync(`${file}.tmp`, text);
      renameSync(`${file}.tmp`, file);
      print(`${file} names key epochs ${pin.selectorKeys.map(({ keyEpoch }) => keyEpoch).join(', ')}`);
    });
}

function checked(text: string, what: string, mend: string): PinDocument {
  try {
    return readPinText(text);
  } catch {
    throw new StackError(what, mend);
  }
}
