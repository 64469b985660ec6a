import { describe, expect, it } from '@jest/globals';
import { approvalRequest, requestTypes } from '#contracts';
import type { ApprovalRequest } from '#contracts';
import { samplePeople, sampleRequest } from '../people.fixture.js';
import { digestOf, requestText } from './request-text.js';

const { people } = samplePeople();

describe('what an approver reads', () => {
  it('is the whole request, every value of it', () => {
    const request = sampleRequest(people);
    const text = requestText(request, people);
    const values = [
      request.id,
      request.reason,
      request.case,
      request.requester,
      request.expiresAt,
      request.output,
      digestOf(request),
    ];
    for (const value of [...values, ...Object.values(request.parameters)]) expect(text).toContain(value);
    expect(text).toMatch(/needs +2 approvals of role lead/);
    expect(text).toMatch(/people +version 1/);
  });

  it('says what takes an act back, and where nothing does', () => {
    const undone = (type: ApprovalRequest['type']) =>
      /^undone +(.+)$/m.exec(requestText({ ...sampleRequest(people), type } as ApprovalRequest, people))?.[1];
    for (const type of requestTypes) expect(undone(type)).toMatch(/by /);
    for (const type of ['deletion', 'break-glass', 'restore'] as const) expect(undone(type)).toMatch(/^by nothing/);
    for (const type of ['related', 'accounts'] as const)
      expect(undone(type)).toMatch(/^a suspension by .*reinstatement.*; a deletion by nothing$/);
  });

  it('says when the request is not under the present registry, or by nobody of it', () => {
    const text = requestText(sampleRequest(people, { people: 'A'.repeat(43), requester: 'lead-9' }), people);
    expect(text).toMatch(/another registry/);
    expect(text).toMatch(/lead-9 \(nobody the registry knows\)/);
  });

  it('changes its digest with every value that is shown', () => {
    const request = sampleRequest(people);
    const others: ApprovalRequest[] = [
      sampleRequest(people),
      { ...request, reason: 'another' },
      { ...request, case: 'c' },
      { ...request, requester: 'lead-2' },
      { ...request, expiresAt: '2026-12-01T00:00:01Z' },
      { ...request, parameters: { uri: 'mimi://provider.example/p/abcdefghijklmnopqrstuvwxy2' } } as ApprovalRequest,
    ];
    expect(new Set([request, ...others].map(digestOf)).size).toBe(7);
  });

  it.each([
    ['a carriage return that hides what was before it', 'harmless\rbad'],
    ['a line of its own', 'harmless\nrequester  lead-3'],
    ['an escape sequence', 'a\u001b[2Ab'],
    ['a character that turns the direction', 'a\u202eb'],
    ['an invisible character', 'a\u200bb'],
    ['a line separator', 'a\u2028b'],
  ])('never holds %s', (_, reason) => {
    const request = sampleRequest(people, { reason });
    expect(approvalRequest.safeParse(request).success).toBe(false);
    const lines = requestText(request, people).split('\n');
    expect(lines.find((line) => line.startsWith('reason'))).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
  });
});
