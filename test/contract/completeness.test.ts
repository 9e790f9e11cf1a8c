import { implement } from '@orpc/server';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { LabRouter } from '#main/contract/router.ts';
import type { Core } from '#main/core/core.ts';
import { contract } from '#shared/contract/contract.ts';
import type { Contract, LabClient } from '#shared/contract/contract.ts';

/** `subscribe` is the stream `events`; `close` belongs to the host that opened the lab. */
type Offered = Exclude<keyof Core, 'subscribe' | 'close'> | 'events';

describe('the contract', () => {
  it('has every operation of the core and no other', () => {
    expectTypeOf<keyof Contract>().toEqualTypeOf<Offered>();
    expectTypeOf<keyof LabRouter>().toEqualTypeOf<Offered>();
    expect(Object.keys(contract)).toHaveLength(51);
  });

  it('does not compile with an operation left out, or answered with something else', () => {
    const lab = implement(contract);
    const some = {
      info: lab.info.handler(() => ({
        path: '',
        appVersion: '',
        readOnly: false,
        workers: 1,
        recovered: 0,
        upgraded: null,
      })),
    };
    // @ts-expect-error every operation but one is missing
    lab.router(some);
    // @ts-expect-error a lab's info is no number
    lab.info.handler(() => 7);
    expect(Object.keys(some)).toStrictEqual(['info']);
  });

  it('gives the client what the core gives', () => {
    expectTypeOf<Awaited<ReturnType<LabClient['series']>>>().toEqualTypeOf<ReturnType<Core['series']>>();
    expectTypeOf<Awaited<ReturnType<LabClient['report']>>>().toEqualTypeOf<ReturnType<Core['report']>>();
    expectTypeOf<Awaited<ReturnType<LabClient['replay']>>>().toEqualTypeOf<
      Awaited<ReturnType<Core['replay']>>
    >();
    expectTypeOf<Awaited<ReturnType<LabClient['checkStudy']>>>().toEqualTypeOf<
      ReturnType<Core['checkStudy']>
    >();
    expectTypeOf<Parameters<LabClient['listRuns']>[0]>().toExtend<Parameters<Core['listRuns']>[0]>();
    // @ts-expect-error a study has a number
    void ((client: LabClient) => client.getStudy({ id: '1' }));
  });
});
