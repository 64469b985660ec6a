/**
 * What a moderator is shown of a report: hub, reason, room, day, and for each message what its frank attests. Pure. The content, the
 * reporter and the note stay in the SET: nobody needs them to weigh the hub's word, and content may hold keys of attachments.
 */
import { DAY_MS, eventPayloads, eventTypes, fromBase64Url } from '#contracts';
import type { FrankEvidence, HubEntry, PseudonymReports } from '#contracts';
import { FrankingKey } from '#mimi';
import type { AbusiveMessage } from '#mimi';
import { readEvidence, readSet } from '#signals';
import type { StoredReport } from '#signals';

type Report = PseudonymReports['reports'][number];

/** @param hub entry of the live policy; its franking keys of today and before. @returns undefined for what is no report */
export function shownReport(stored: StoredReport, hub: HubEntry | undefined): Report | undefined {
  const signal = readSet(stored.token);
  const payload = eventPayloads[eventTypes.abuseReport].safeParse(signal.payload).data;
  const evidence = payload && readEvidence(signal.uri, payload);
  if (!payload || evidence === 'malformed') return undefined;
  const { reason, hubVerified, reporters, room } = payload;
  const keys = keysOf(hub);
  return {
    hub: stored.hub,
    jti: stored.jti,
    state: stored.state,
    reason,
    hubVerified,
    day: stored.receivedDay,
    ...(evidence && { reasonCode: evidence.reasonCode }),
    ...(reporters && { reporters }),
    ...(room !== undefined && { room }),
    messages: (evidence?.messages ?? []).map((message) => ({
      ...acceptedDay(message),
      evidence: evidenceOf(message, keys, signal.uri, room),
    })),
  };
}

/** Without a room there is nothing to check the signature with. */
function evidenceOf(
  { frank, acceptedTimestamp }: AbusiveMessage,
  keys: readonly FrankingKey[],
  senderUri: string,
  roomUri: string | undefined,
): FrankEvidence {
  const attests = roomUri !== undefined && keys.some((key) => key.attests(frank, { senderUri, roomUri, acceptedTimestamp }));
  return attests ? 'hub attests sender, room, time' : 'not verified';
}

const keysOf = (hub: HubEntry | undefined): FrankingKey[] =>
  (hub?.frankingKeys ?? []).flatMap(({ suite, key }) => FrankingKey.read(suite, fromBase64Url(key)) ?? []);

/** 9999-12-31: what comes later is no date that anybody writes. */
const LAST_DAY = 2_932_896n;

function acceptedDay({ acceptedTimestamp }: AbusiveMessage): { acceptedDay?: number } {
  const day = acceptedTimestamp / BigInt(DAY_MS);
  return day <= LAST_DAY ? { acceptedDay: Number(day) } : {};
}
