/**
 * Writes assembly/p256/fma-products.ts: multiplication and squaring mod p in double precision, four lanes.
 *
 *   node scripts/generate-fma.mjs            writes the file
 *   node scripts/generate-fma.mjs --check    fails when the file is not what would be written
 *
 * A value is five signed digits of 52 bits, each a double. Everything below is exact integer arithmetic; the bound of every sum
 * is counted while the code is written out, and a bound that does not hold stops the generator.
 *
 * Products. With H a multiple of 2^52 near 1.5·2^104, doubles in that binade are 2^52 apart, so h = fma(x, y, H) is H + xy rounded
 * to a multiple of 2^52, and l = fma(x, y, H − h) is the rest, exact, |l| ≤ 2^51. A *chain* feeds h into the next product of the
 * column; it stays in the binade as long as |Σ xy| ≤ 2^103 − 2^98. A second chain of a column starts at −1.5·2^104: the sum of both
 * is then what they collected, an exact multiple of 2^52, and one fma takes it down by 2^-52 and adds it to the next column. After N. Emmart, F. Zheng, C. Weems, "Faster Modular Exponentiation Using Double Precision Floating Point
 * Arithmetic on the GPU", ARITH 2018; the chaining is this project's.
 *
 * Reduction. p ≡ −1 mod 2^96, so with R = 2^260 the digit that clears column k is the column itself, q = V[k], and adding q·p means
 *   q·2^44 in column k+1 (2^96)    q·2^36 in column k+3 (2^192)    q·(2^48 − 2^16) in column k+4 (2^256 − 2^224).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const TARGET = fileURLToPath(new URL('../assembly/p256/fma-products.ts', import.meta.url));

/** Largest |digit| of a tight element, and of its highest digit; field-fma.ts promises them. */
const DIGIT = 2 ** 51 + 8;
const TOP_DIGIT = 0.62 * 2 ** 48;
/** How far a chain may get from 1.5·2^104; the rest of the binade is margin. */
const CHAIN_LIMIT = 2 ** 103 - 2 ** 98;
/** The low part of a product, and what one rounding to multiples of 2^52 leaves. */
const UNIT = 2 ** 51;
/** A sum that must stay exact. */
const EXACT = 2 ** 53;
/** What a finished column may hold, so that the carry out of it is at most 2. */
const COLUMN_LIMIT = 2.5 * 2 ** 52;

/** Statements of one vector before the other has its turn: 4 was best of 1, 2, 4, 8, 16 and all (by some 5 %). */
const INTERLEAVE = 4;

const FOLDS = [
  { columns: 1, constant: 'TWO44', factor: 2 ** 44 },
  { columns: 3, constant: 'TWO36', factor: 2 ** 36 },
  { columns: 4, constant: 'TOP_FOLD', factor: 2 ** 48 },
];

/** Writes the statements of one product (or square) of one vector; `tag` keeps its names apart from another vector's. */
class Product {
  constructor(tag, squaring) {
    this.tag = tag;
    this.squaring = squaring;
    this.lines = [];
    this.count = 0;
  }

  emit(expression) {
    const name = `${this.tag}${this.count++}`;
    this.lines.push(`const ${name} = ${expression};`);
    return name;
  }

  add(x, y) {
    return this.emit(`f64x2.add(${x}, ${y})`);
  }

  sub(x, y) {
    return this.emit(`f64x2.sub(${x}, ${y})`);
  }

  fma(x, y, z) {
    return this.emit(`f64x2.relaxed_madd(${x}, ${y}, ${z})`);
  }

  mul(x, y) {
    return this.emit(`f64x2.mul(${x}, ${y})`);
  }

  operand(letter, i) {
    return { name: `${letter}${this.tag}${i}`, bound: i < 4 ? DIGIT : TOP_DIGIT };
  }

  /** Digit products of column k; those that a square has twice are marked. */
  termsOf(k) {
    const terms = [];
    for (let i = 0; i <= k; i++) {
      const j = k - i;
      if (i > 4 || j > 4 || (this.squaring && i > j)) continue;
      const x = this.operand('a', i);
      const y = this.operand(this.squaring ? 'a' : 'b', j);
      terms.push({ x: x.name, y: y.name, bound: x.bound * y.bound, twice: this.squaring && i < j });
    }
    return terms.sort((one, other) => other.bound - one.bound);
  }

  /** The whole computation; returns the names of the five digits of the result. */
  run() {
    const quotients = [];
    const columns = [];
    let carries = [];
    for (let k = 0; k < 9; k++) {
      const column = new Column(this);
      for (const term of this.termsOf(k).filter(({ twice }) => twice)) column.product(term);
      column.double();
      for (const term of this.termsOf(k).filter(({ twice }) => !twice)) column.product(term);
      // Older quotients first: the newest one is what everybody waits for.
      for (const { columns: distance, constant, factor } of [...FOLDS].reverse()) {
        const q = quotients[k - distance];
        if (q === undefined) continue;
        if (distance === 1) column.makeRoom(carries.reduce((sum, { bound }) => sum + bound, 0) + UNIT);
        if (distance === 1) for (const carry of carries) column.sum(carry);
        column.product({ x: q.name, y: constant, bound: q.bound * factor, twice: false });
      }
      if (quotients[k - 1] === undefined) {
        column.makeRoom(carries.reduce((sum, { bound }) => sum + bound, 0));
        for (const carry of carries) column.sum(carry);
      }
      // The highest quotient digit decides how large the result may be: Q ≤ 2^259.
      if (k === 4) column.split();
      if (k < 5) quotients[k] = column.value;
      else columns.push(column.value);
      carries = column.carries();
    }
    if (carries.length > 1) throw new Error('more in the highest column than one carry');
    return this.carry(columns, this.mul(carries[0].name, carries[0].factor));
  }

  /** One carry in parallel: each digit to |d| ≤ 2^51 plus the carry from below. */
  carry(columns, top) {
    const digits = [];
    let below;
    for (const { name, bound } of columns) {
      if (bound > COLUMN_LIMIT) throw new Error(`a finished column may hold ${bound / UNIT} units`);
      const rounded = this.sub(this.add(name, 'BASE'), 'BASE');
      const rest = this.sub(name, rounded);
      digits.push(below ? this.fma(below, 'DOWN', rest) : rest);
      below = rounded;
    }
    digits.push(this.fma(below, 'DOWN', top));
    return digits;
  }
}

/** One column: its value so far with a bound, and its chains. */
class Column {
  constructor(code) {
    this.code = code;
    this.chains = [];
    this.value = undefined;
    this.doubled = undefined;
  }

  chainFor(bound, twice) {
    const fitting = this.chains.find((chain) => chain.twice === twice && chain.sum + bound <= CHAIN_LIMIT);
    if (fitting) return fitting;
    if (bound > CHAIN_LIMIT) throw new Error('a product that no chain can take');
    const isFirstOfPair = this.chains.filter((chain) => chain.twice === twice).length % 2 === 0;
    const chain = { head: isFirstOfPair ? 'BASE' : 'MINUS_BASE', sum: 0, twice };
    this.chains.push(chain);
    return chain;
  }

  product({ x, y, bound, twice }) {
    this.makeRoom(UNIT);
    const chain = this.chainFor(bound, twice);
    chain.sum += bound;
    const head = this.code.fma(x, y, chain.head);
    const low = this.code.fma(x, y, this.code.sub(chain.head, head));
    chain.head = head;
    this.sum({ name: low, bound: UNIT });
  }

  /** Adds to the value; what has a factor is multiplied by it on the way. */
  sum({ name, bound, factor }) {
    if (this.value === undefined) {
      if (factor) throw new Error('a carry with nothing to be added to');
      this.value = { name, bound };
      return;
    }
    if (this.value.bound + bound > EXACT) throw new Error('a column that is no longer exact');
    const { value, code } = this;
    const sum = factor ? code.fma(name, factor, value.name) : code.add(value.name, name);
    this.value = { name: sum, bound: value.bound + bound };
  }

  /** What was collected so far counts twice, and so do the carries of its chains. */
  double() {
    if (this.value === undefined) return;
    if (2 * this.value.bound > EXACT) throw new Error('a doubled column that is no longer exact');
    this.value = { name: this.code.add(this.value.name, this.value.name), bound: 2 * this.value.bound };
  }

  /** Moves multiples of 2^52 out of the value when what is still to come would make it inexact. */
  makeRoom(bound) {
    if (this.value !== undefined && this.value.bound + bound > EXACT) this.split();
  }

  split() {
    const moved = this.value.bound;
    const chain =
      this.chains.find((one) => !one.twice && one.sum + moved + UNIT <= CHAIN_LIMIT) ??
      this.chainFor(moved + UNIT, false);
    chain.sum += moved + UNIT;
    const head = this.code.add(chain.head, this.value.name);
    this.value = { name: this.code.add(this.value.name, this.code.sub(chain.head, head)), bound: UNIT };
    chain.head = head;
  }

  /** What the chains collected, two at a time: with their factors they are integers. */
  carries() {
    return [false, true].flatMap((twice) => {
      const chains = this.chains.filter((chain) => chain.twice === twice);
      const pairs = chains.flatMap((one, i) => (i % 2 === 0 ? [[one, chains[i + 1]]] : []));
      return pairs.map(([one, other]) => ({
        name: other ? this.code.add(one.head, other.head) : this.code.sub(one.head, 'BASE'),
        factor: twice ? 'DOWN_TWICE' : 'DOWN',
        bound: (twice ? 2 : 1) * (one.sum / 2 ** 52 + 1 + (other ? other.sum / 2 ** 52 + 1 : 0)),
      }));
    });
  }
}

function functionText(name, squaring) {
  const vectors = ['s', 't'];
  const products = vectors.map((tag) => new Product(tag, squaring));
  const digits = products.map((product) => product.run());
  const loads = vectors.flatMap((tag, v) =>
    Array.from({ length: 5 }, (_, i) => [
      `const a${tag}${i} = v128.load(a, ${32 * i + 16 * v});`,
      ...(squaring ? [] : [`const b${tag}${i} = v128.load(b, ${32 * i + 16 * v});`]),
    ]).flat(),
  );
  const constants = [
    ['BASE', 'FMA_BASE'],
    ['MINUS_BASE', 'FMA_MINUS_BASE'],
    ['DOWN', 'FMA_DOWN'],
    ...(squaring ? [['DOWN_TWICE', 'FMA_DOWN_TWICE']] : []),
    ['TWO44', 'FMA_TWO44'],
    ['TWO36', 'FMA_TWO36'],
    ['TOP_FOLD', 'FMA_TOP_FOLD'],
  ].map(([local, constant]) => `const ${local} = v128.load(${constant});`);
  // Two vectors in turn, so that the waits of one are filled by the other.
  const body = [];
  for (let i = 0; i < products[0].lines.length; i += INTERLEAVE) {
    for (const { lines } of products) body.push(...lines.slice(i, i + INTERLEAVE));
  }
  const stores = vectors.flatMap((_, v) =>
    digits[v].map((digit, i) => `v128.store(out, ${digit}, ${32 * i + 16 * v});`),
  );
  const operands = squaring ? 'out: usize, a: usize' : 'out: usize, a: usize, b: usize';
  const what = squaring
    ? `/** out := a²·2^-260 mod p, per lane. In: tight. Out: a product. ${products[0].lines.length} operations a vector. */`
    : `/** out := a·b·2^-260 mod p, per lane. In: tight. Out: a product. ${products[0].lines.length} operations a vector. */`;
  const lines = [...constants, ...loads, ...body, ...stores].map((line) => `  ${line}`);
  return `${what}\nexport function ${name}(${operands}): void {\n${lines.join('\n')}\n}\n`;
}

function fileText() {
  return `// Generated by scripts/generate-fma.mjs, which explains the arithmetic and counts the bounds; not to be edited.
import {
  FMA_BASE,
  FMA_DOWN,
  FMA_DOWN_TWICE,
  FMA_MINUS_BASE,
  FMA_TOP_FOLD,
  FMA_TWO36,
  FMA_TWO44,
} from './fma-constants';

${functionText('feMul', false)}
${functionText('feSqr', true)}`;
}

const text = fileText();
if (process.argv.includes('--check')) {
  if (readFileSync(TARGET, 'utf8') !== text) {
    console.error('assembly/p256/fma-products.ts is not what scripts/generate-fma.mjs writes: run it');
    process.exitCode = 1;
  }
} else {
  writeFileSync(TARGET, text);
}
