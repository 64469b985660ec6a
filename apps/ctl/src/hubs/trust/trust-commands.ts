/** `ctl hub trust`: what moderators found of each hub, the trust that suggests, and the way of that into a draft. It is live by approval only. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { hubTrust } from '#contracts';
import type { Context } from '../../command/context.js';
import { example } from '../../command/context.js';
import { callService } from '../../command/service-call.js';
import type { Session } from '../../command/session.js';
import { readToken } from '../../command/signed.js';
import { table } from '../../command/table.js';
import { diffLine, policyDiff } from '../../policy/policy-diff.js';
import { changed, draftFile, fileOption, livePolicy, nextDraft, readDraft, writeDraft } from '../../policy/policy-draft.js';
import type { FileOption } from '../../policy/policy-draft.js';
import { trustHead, trustRows, withTrustFromReviews } from './trust-draft.js';
import type { HubReviews } from './trust-draft.js';

type TrustOptions = FileOption & { readonly applyToDraft?: true; readonly allowRise?: true };

export function addTrustCommand(hub: Command, { session: open, print, now }: Context): void {
  hub
    .command('trust')
    .description('what moderators found of each hub’s signals, and the trust that suggests (signed by the operator)')
    .option('--apply-to-draft', 'write it into the draft of the policy')
    .option('--allow-rise', 'also more trust than now, where the reviews bear it; never above 100 %')
    .option(...fileOption)
    .addHelpText('after', example('hub trust', 'hub trust --apply-to-draft'))
    .action(async ({ applyToDraft, allowRise, file: given }: TrustOptions, command: Command) => {
      const session = open(command);
      const mayRise = allowRise === true;
      const { document: live } = livePolicy(session.policyDir);
      const reviews = await reviewsOf(session, live.audience, now());
      print(table(trustHead, trustRows(live, reviews, mayRise)));
      if (!applyToDraft) return;
      const file = draftFile(session, given);
      const before = existsSync(file) ? readDraft(file) : nextDraft(live);
      const draft = before.document.version > live.version ? before : nextDraft(live);
      const next = changed(draft, (document) => withTrustFromReviews(document, live, reviews, mayRise));
      writeDraft(file, next);
      print(policyDiff(live, next.document).map(diffLine).join('\n'));
      print(`draft of version ${next.document.version}: ${file}\nlive after \`ctl policy promote\``);
    });
}

async function reviewsOf(session: Session, audience: string, now: Date): Promise<HubReviews> {
  const token = await readToken(session.operator(), audience, now);
  const url = `${session.url('nyms')}/v1/moderation/hubs/trust`;
  return (await callService({ service: 'nyms', url, token, answer: hubTrust })).hubs;
}
