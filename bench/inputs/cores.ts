/** The test builds of the core, which export the primitives below a kernel's interface and loops over them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Context } from '../measure.ts';
import { BY_SPEED } from './kernels.ts';
import { signatures } from './signatures.ts';

const PREFIX = 'testing-';
const SUFFIX = '.wasm';
/** What the loops go round: eight elements, or a Jacobian point and then four affine ones, all in the scratch region. */
const ELEMENTS = 8;
const POINTS = 4;
/** Free of both. */
const SPARE_ELEMENT = 40;

type Exports = Record<string, (...operands: number[]) => number>;

export class Core {
  readonly name: string;
  readonly lanes: number;
  /** Octets of an element, all lanes together. */
  private readonly size: number;
  private readonly scratch: number;
  /** Where octets go in and out. */
  private readonly port: number;
  private readonly call: Exports;
  private readonly octets: Uint8Array;

  constructor(name: string, module: WebAssembly.Module) {
    const { exports } = new WebAssembly.Instance(module, {});
    const constant = (of: string): number => (exports[of] as WebAssembly.Global).value as number;
    this.name = name;
    this.call = exports as unknown as Exports;
    this.octets = new Uint8Array((exports.memory as WebAssembly.Memory).buffer);
    this.lanes = constant('LANES');
    this.size = constant('FE_BYTES');
    this.scratch = constant('SCRATCH');
    this.port = this.scratch + constant('SCRATCH_BYTES') - 64;
    this.run('init');
  }

  has(name: string): boolean {
    return this.call[name] !== undefined;
  }

  run(name: string, ...operands: number[]): void {
    (this.call[name] as Exports[string])(...operands);
  }

  /** Fills the operands of the loops over elements: another value in every lane. */
  loadElements(): void {
    for (let i = 0; i < ELEMENTS; i++) {
      for (let lane = 0; lane < this.lanes; lane++) {
        this.octets.set(operand(i * this.lanes + lane).subarray(0, 32), this.port);
        this.run('feFromOctetsLane', this.element(i), lane, this.port);
      }
      this.run('feToMontgomery', this.element(i), this.element(i));
    }
  }

  /** Fills the operands of the loop over points. */
  loadPoints(): void {
    for (let i = 0; i <= POINTS; i++) {
      // The first is Jacobian in the end: three elements.
      const point = i === 0 ? this.element(SPARE_ELEMENT) : this.element(3 + 2 * (i - 1));
      for (let lane = 0; lane < this.lanes; lane++) {
        this.octets.set(operand(i * this.lanes + lane), this.port);
        this.run('pointFromOctetsLane', point, lane, this.port);
      }
      this.run('pointToMontgomery', point);
    }
    this.run('pointFromAffine', this.element(0), this.element(SPARE_ELEMENT));
  }

  /** The first element, last lane. */
  firstElement(): bigint {
    const plain = this.element(SPARE_ELEMENT);
    this.run('feFromMontgomery', plain, this.element(0));
    this.run('feToOctetsLane', this.port, plain, this.lanes - 1);
    return integer(this.octets.subarray(this.port, this.port + 32));
  }

  /** x of the Jacobian point, last lane. */
  pointX(): bigint {
    const [inverse, affine] = [this.element(SPARE_ELEMENT), this.element(SPARE_ELEMENT + 1)];
    this.run('feInvert', inverse, this.element(2));
    this.run('pointToAffine', affine, this.element(0), inverse);
    this.run('pointToOctets', affine, this.lanes - 1, this.port);
    return integer(this.octets.subarray(this.port, this.port + 32));
  }

  private element(i: number): number {
    return this.scratch + i * this.size;
  }
}

const MOST_LANES = 4;
const operands = signatures(ELEMENTS * MOST_LANES).map(({ key }) => key);

/** Affine x ‖ y of a point that no other operand is; its x serves as an element. */
export function operand(i: number): Uint8Array {
  return operands[i] as Uint8Array;
}

function integer(octets: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(octets).toString('hex')}`);
}

/** The folder of package.json: benchmarks run from `bench/` and from `dist/bench/`. */
function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

/** Whichever builds there are and this engine can run. */
export function testingCores({ notice }: Context): Core[] {
  const folder = join(projectRoot(), 'build');
  const names = (existsSync(folder) ? readdirSync(folder) : [])
    .filter((file) => file.startsWith(PREFIX) && file.endsWith(SUFFIX))
    .map((file) => file.slice(PREFIX.length, -SUFFIX.length))
    .sort((a, b) => BY_SPEED.indexOf(a) - BY_SPEED.indexOf(b));
  if (names.length === 0) notice('there are no test builds of the core: run `npm run build`');
  return names.flatMap((name) => {
    const octets = readFileSync(join(folder, `${PREFIX}${name}${SUFFIX}`));
    if (WebAssembly.validate(octets)) return [new Core(name, new WebAssembly.Module(octets))];
    notice(`primitives of '${name}' are left out: this WebAssembly engine cannot run that build`);
    return [];
  });
}
