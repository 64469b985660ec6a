/**
 * `AbuseReport`, `AbusiveMessage` and `Frank` of draft-ietf-mimi-protocol-06, the draft that this codec is pinned to. Bytes that are
 * taken come out the same when they are written again: unknown reason codes and components are kept, and nothing else is let through.
 *
 * Knows what a hub says about a message; whether the message said that, nobody but the hub can know (`FrankingKey`).
 */
import { concat } from '#contracts';
import { readAppData, writeAppData } from './app-data.js';
import type { AppDataDictionary } from './app-data.js';
import { MimiRefused } from '../wire/refused.js';
import { WireReader } from '../wire/wire-reader.js';
import { fixed, uint, uint64, utf8Vector, vector } from '../wire/wire-writer.js';

export interface Frank {
  /** 32 bytes: the hub's MAC over franking tag, sender, room and time. Only the hub can recompute it. */
  readonly serverFrank: Uint8Array;
  /** MLS cipher suite of the signature */
  readonly cipherSuite: number;
  readonly integritySignature: Uint8Array;
}

export interface AbusiveMessage {
  /** Decrypted content as the reporter gave it; may hold keys of attachments. */
  readonly messageContent: Uint8Array;
  readonly frank: Frank;
  /** ms since 1970, when the hub accepted it */
  readonly acceptedTimestamp: bigint;
}

export interface AbuseReport {
  /** May be empty. */
  readonly reportingUser: string;
  readonly allegedAbuserUri: string;
  /** One byte; the draft registers no value yet. */
  readonly reasonCode: number;
  readonly note: string;
  readonly messages: readonly AbusiveMessage[];
  readonly abuseExtensions: AppDataDictionary;
}

/** Of one report: a bound of ours, so that what a report costs is bounded. */
export const mostMessages = 32;

/** @throws MimiRefused */
export function decodeAbuseReport(bytes: Uint8Array): AbuseReport {
  const reader = new WireReader(bytes);
  const report = {
    reportingUser: reader.utf8(),
    allegedAbuserUri: reader.utf8(),
    reasonCode: reader.uint8(),
    note: reader.utf8(),
    messages: readMessages(reader.vector()),
    abuseExtensions: readAppData(reader),
  };
  reader.end();
  return report;
}

/** @throws RangeError for what the structure cannot hold */
export function encodeAbuseReport(report: AbuseReport): Uint8Array {
  if (report.messages.length > mostMessages) throw new RangeError(`more than ${mostMessages} messages`);
  return concat(
    utf8Vector(report.reportingUser),
    utf8Vector(report.allegedAbuserUri),
    uint(report.reasonCode, 1),
    utf8Vector(report.note),
    vector(...report.messages.map(writeMessage)),
    writeAppData(report.abuseExtensions),
  );
}

function readMessages(reader: WireReader): AbusiveMessage[] {
  const messages: AbusiveMessage[] = [];
  while (!reader.isDone) {
    if (messages.length === mostMessages) throw new MimiRefused('too-many-messages');
    messages.push({ messageContent: reader.opaque(), frank: readFrank(reader), acceptedTimestamp: reader.uint64() });
  }
  return messages;
}

const readFrank = (reader: WireReader): Frank => ({
  serverFrank: reader.fixed(32),
  cipherSuite: reader.uint16(),
  integritySignature: reader.opaque(),
});

const writeMessage = ({ messageContent, frank, acceptedTimestamp }: AbusiveMessage): Uint8Array =>
  concat(
    vector(messageContent),
    fixed(frank.serverFrank, 32),
    uint(frank.cipherSuite, 2),
    vector(frank.integritySignature),
    uint64(acceptedTimestamp),
  );
