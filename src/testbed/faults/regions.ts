import { type GeographicRegionValue, LATITUDE_UNKNOWN, LONGITUDE_UNKNOWN } from '../../dot2/index.ts';
import {
  type Fault,
  fault,
  leaf,
  message,
  messageWithChain,
  pcaUnder,
  type Specimen,
  special,
  trustWith,
} from './support.ts';

/** Invalid regions, regions that reach outside their issuer's, and messages from outside a region (§6.4.17). */

const at = (latitude: number, longitude: number) => ({
  latitude: Math.round(latitude * 1e7),
  longitude: Math.round(longitude * 1e7),
});

/** Corners in degrees: north, west, south, east. */
const box = (north: number, west: number, south: number, east: number) => ({
  northWest: at(north, west),
  southEast: at(south, east),
});
const rectangles = (...boxes: ReturnType<typeof box>[]): GeographicRegionValue => ({
  tag: 'rectangularRegion',
  value: boxes,
});
const polygon = (...points: [number, number][]): GeographicRegionValue => ({
  tag: 'polygonalRegion',
  value: points.map(([latitude, longitude]) => at(latitude, longitude)),
});
const circle = (latitude: number, longitude: number, radius: number): GeographicRegionValue => ({
  tag: 'circularRegion',
  value: { center: at(latitude, longitude), radius },
});
const countries = (...codes: number[]): GeographicRegionValue => ({
  tag: 'identifiedRegion',
  value: codes.map((value) => ({ tag: 'countryOnly', value })),
});
const states = (countryOnly: number, ...regions: number[]): GeographicRegionValue => ({
  tag: 'identifiedRegion',
  value: [{ tag: 'countryAndRegions', value: { countryOnly, regions } }],
});
const counties = (countryOnly: number, region: number, ...subregions: number[]): GeographicRegionValue => ({
  tag: 'identifiedRegion',
  value: [{ tag: 'countryAndSubregions', value: { countryOnly, regionAndSubregions: [{ region, subregions }] } }],
});
/** Coordinates in 1e-7 degree, where whole degrees will not do. */
const exactCircle = (latitude: number, longitude: number): GeographicRegionValue => ({
  tag: 'circularRegion',
  value: { center: { latitude, longitude }, radius: 100 },
});

/** A rectangle of one degree around Ann Arbor, and everything that lies in it or does not. */
const HERE = box(43, -84, 42, -83);

const INVALID: readonly [string, string, GeographicRegionValue][] = [
  ['upside down', 'a rectangle whose north-west corner is south of the other', rectangles(box(42, -84, 43, -83))],
  ['flat', 'a rectangle without height', rectangles(box(42, -84, 42, -83))],
  ['thin', 'a rectangle without width', rectangles(box(43, -84, 42, -84))],
  ['second rectangle', 'one good rectangle and one without height', rectangles(HERE, box(42, -84, 42, -83))],
  ['no rectangles', 'no rectangle at all', rectangles()],
  ['no countries', 'no country at all', countries()],
  ['latitude', 'a centre north of the pole', exactCircle(900_000_002, 0)],
  ['latitude unknown', 'a centre of unknown latitude', exactCircle(LATITUDE_UNKNOWN, 0)],
  ['longitude', 'a centre beyond 180 degrees', exactCircle(0, 1_800_000_002)],
  ['longitude −180', 'a centre at −180 degrees, which is written +180', exactCircle(0, -1_800_000_000)],
  [
    'corner',
    'a corner south of the pole',
    {
      tag: 'rectangularRegion',
      value: [{ northWest: at(1, 1), southEast: { latitude: -900_000_001, longitude: 20_000_000 } }],
    },
  ],
  ['bow tie', 'a polygon that crosses itself', polygon([42, -84], [43, -83], [43, -84], [42, -83])],
  ['spike', 'a polygon that folds back onto itself', polygon([42, -84], [43, -84], [42.5, -84])],
  ['repeated point', 'a polygon with the same point twice', polygon([42, -84], [43, -84], [43, -84], [42, -83])],
  [
    'touching',
    'a polygon that touches itself in a corner',
    polygon([42, -84], [42, -82], [43, -83], [42, -83], [43, -84]),
  ],
];

/** name, the issuer's region, the certificate's. */
const OUTSIDE: readonly [string, GeographicRegionValue, GeographicRegionValue][] = [
  ['circle in circle', circle(42.5, -83.5, 1000), circle(42.5, -83.5, 1001)],
  ['rectangle in circle', circle(42.5, -83.5, 1000), rectangles(box(42.51, -83.51, 42.49, -83.49))],
  ['polygon in circle', circle(42.5, -83.5, 1000), polygon([42.5, -83.5], [42.5, -83.45], [42.505, -83.5])],
  ['circle in rectangle', rectangles(HERE), circle(42.999, -83.5, 1000)],
  ['rectangle in rectangle', rectangles(HERE), rectangles(box(43.1, -83.6, 42.5, -83.5))],
  ['rectangle in gap', rectangles(HERE, box(43, -82, 42, -81)), rectangles(box(42.9, -83.5, 42.1, -81.5))],
  ['polygon in rectangle', rectangles(HERE), polygon([42.2, -83.8], [42.8, -83.8], [42.5, -82.9])],
  ['circle in polygon', polygon([42, -84], [43, -84], [42, -83]), circle(42.49, -83.51, 5000)],
  ['rectangle in polygon', polygon([42, -84], [43, -84], [42, -83]), rectangles(box(42.9, -83.9, 42.1, -83.1))],
  [
    'polygon in notch',
    polygon([42, -84], [43, -84], [42.2, -83.5], [43, -83], [42, -83]),
    polygon([42.1, -83.9], [42.7, -83.9], [42.7, -83.1], [42.1, -83.1]),
  ],
  ['other country', countries(410, 840), countries(410, 124)],
  ['country in state', states(840, 26), countries(840)],
  ['other state', states(840, 26, 27), states(840, 26, 28)],
  ['other county', counties(840, 26, 161), counties(840, 26, 161, 163)],
  ['county of another state', states(840, 26), counties(840, 27, 161)],
  ['country in rectangle', rectangles(HERE), countries(840)],
];

const INSIDE: readonly [string, GeographicRegionValue, GeographicRegionValue][] = [
  ['circle in circle', circle(42.5, -83.5, 1000), circle(42.5, -83.5, 1000)],
  ['rectangle in circle', circle(42.5, -83.5, 2000), rectangles(box(42.505, -83.505, 42.495, -83.495))],
  ['polygon in circle', circle(42.5, -83.5, 2000), polygon([42.5, -83.5], [42.5, -83.49], [42.505, -83.5])],
  ['circle in rectangle', rectangles(HERE), circle(42.5, -83.5, 1000)],
  ['rectangle in rectangle', rectangles(HERE), rectangles(HERE)],
  ['rectangle across two', rectangles(HERE, box(43, -83, 42, -82)), rectangles(box(42.9, -83.5, 42.1, -82.5))],
  ['rectangle across antimeridian', rectangles(box(10, 170, -10, -170)), rectangles(box(5, 175, -5, -175))],
  ['polygon in rectangle', rectangles(HERE), polygon([42.2, -83.8], [42.8, -83.8], [42.5, -83.1])],
  ['circle in polygon', polygon([42, -84], [43, -84], [42, -83]), circle(42.2, -83.8, 1000)],
  ['rectangle in polygon', polygon([42, -84], [43, -84], [42, -83]), rectangles(box(42.3, -83.9, 42.1, -83.7))],
  ['polygon in polygon', polygon([42, -84], [43, -84], [42, -83]), polygon([42, -84], [42.5, -84], [42, -83.5])],
  ['country', countries(410, 840), countries(840)],
  // Whether a figure lies in a country takes a map; CAs limited to countries do issue circles to roadside units.
  ['circle in country', countries(840), circle(42.5, -83.5, 1000)],
  ['state in country', countries(410, 840), states(840, 26, 27)],
  ['county in state', states(840, 26), counties(840, 26, 161, 163)],
  ['county in country', countries(840), counties(840, 26, 161)],
];

/** name, the region, a place outside it (degrees). */
const ELSEWHERE: readonly [string, GeographicRegionValue, readonly [number, number]][] = [
  ['circle', circle(42.5, -83.5, 1000), [42.51, -83.5]],
  ['rectangle', rectangles(HERE), [43.0000001, -83.5]],
  ['polygon', polygon([42, -84], [43, -84], [42, -83]), [42.6, -83.4]],
];
/** Places on the edge, which belongs to a region. */
const ON_EDGE: readonly [string, GeographicRegionValue, readonly [number, number]][] = [
  ['circle', circle(42.5, -83.5, 1000), [42.5, -83.5]],
  ['rectangle', rectangles(HERE), [43, -84]],
  ['rectangle across antimeridian', rectangles(box(10, 170, -10, -170)), [0, 180]],
  ['polygon', polygon([42, -84], [43, -84], [42, -83]), [42.5, -83.5]],
];

const location = ([latitude, longitude]: readonly [number, number]) => ({
  ...at(latitude, longitude),
  elevation: 4096,
});
const UNKNOWN_LOCATION = { latitude: LATITUDE_UNKNOWN, longitude: LONGITUDE_UNKNOWN, elevation: 0 };
const REQUIRED = { requireLocation: true };

const NESTING: readonly Fault[] = [
  ...OUTSIDE.flatMap(([name, outer, inner]) => [
    fault(
      'message',
      `inconsistentValidityRegion/${name}`,
      'outside the issuer’s region',
      { depth: 1, signature: 'ok' },
      (scms, random) => {
        const ca = pcaUnder(scms, random, scms.worldwideIca, { fields: { region: outer } });
        return messageWithChain(scms, [leaf(scms, random, { issuer: ca, fields: { region: inner } }), ca]);
      },
    ),
    fault(
      'certificate',
      `inconsistentValidityRegion/certificate: ${name}`,
      'outside the issuer’s region',
      { depth: 0, signature: 'ok' },
      (scms, random) => {
        const ca = pcaUnder(scms, random, scms.worldwideIca, { fields: { region: outer } });
        const { bytes } = leaf(scms, random, { issuer: ca, fields: { region: inner } });
        return { bytes, trust: trustWith(scms, ca) };
      },
    ),
  ]),
  fault(
    'certificate',
    'inconsistentValidityRegion/under the PCA',
    'a country that the PCA does not have',
    { depth: 0, signature: 'ok' },
    (scms, random) => leaf(scms, random, { fields: { region: countries(410, 392) } }).bytes,
  ),
  fault(
    'message',
    'inconsistentValidityRegion/CA',
    'a CA outside the region of its issuer',
    { depth: 2, signature: 'ok' },
    (scms, random) => {
      const ca = pcaUnder(scms, random, scms.ica, { fields: { region: countries(124) } });
      return messageWithChain(scms, [leaf(scms, random, { issuer: ca }), ca]);
    },
  ),
];

const LOCATION: readonly Fault[] = [
  ...ELSEWHERE.map(([name, region, place]) =>
    fault(
      'message',
      `generationLocationOutsideValidityRegion/${name}`,
      'generated elsewhere',
      { depth: 0, signature: 'ok' },
      (scms, random) =>
        message(scms, leaf(scms, random, { issuer: scms.worldwidePca, fields: { region } }), {
          generationLocation: location(place),
        }),
    ),
  ),
  fault(
    'message',
    'generationLocationOutsideValidityRegion/inherited',
    'generated outside the region of the issuer',
    { depth: 0, signature: 'ok' },
    (scms, random) => {
      const ca = pcaUnder(scms, random, scms.worldwideIca, { fields: { region: rectangles(HERE) } });
      return messageWithChain(scms, [leaf(scms, random, { issuer: ca }), ca], {
        generationLocation: location([44, -83.5]),
      });
    },
  ),
  fault(
    'message',
    'noGenerationLocation',
    'no location from a certificate with a circle',
    { depth: 0, signature: 'ok' },
    (scms, random) => {
      const signer = leaf(scms, random, { issuer: scms.worldwidePca, fields: { region: circle(42.5, -83.5, 1000) } });
      return { bytes: message(scms, signer), options: REQUIRED };
    },
  ),
  fault(
    'message',
    'noGenerationLocation/country',
    'no location from a certificate with a country',
    { depth: 0, signature: 'ok' },
    (scms, random) => ({
      bytes: message(scms, leaf(scms, random, { fields: { region: countries(840) } })),
      options: REQUIRED,
    }),
  ),
  fault(
    'message',
    'noGenerationLocation/unknown',
    'a location that says unknown',
    { depth: 0, signature: 'ok' },
    (scms, random) => {
      const signer = leaf(scms, random, { issuer: scms.worldwidePca, fields: { region: rectangles(HERE) } });
      return { bytes: message(scms, signer, { generationLocation: UNKNOWN_LOCATION }), options: REQUIRED };
    },
  ),
];

export const REGION_FAULTS: readonly Fault[] = [
  ...INVALID.map(([name, description, region]) =>
    fault(
      'certificate',
      `invalidRegion/${name}`,
      description,
      { depth: 0, signature: 'ok' },
      (scms, random) => leaf(scms, random, { issuer: scms.worldwidePca, fields: { region } }).bytes,
    ),
  ),
  ...NESTING,
  ...LOCATION,
];

export const REGION_SPECIALS: readonly Specimen[] = [
  ...INSIDE.map(([name, outer, inner]) =>
    special('message', `region/${name}`, 'inside the issuer’s region', (scms, random) => {
      const ca = pcaUnder(scms, random, scms.worldwideIca, { fields: { region: outer } });
      return messageWithChain(scms, [leaf(scms, random, { issuer: ca, fields: { region: inner } }), ca]);
    }),
  ),
  ...ON_EDGE.map(([name, region, place]) =>
    special('message', `location/${name}`, 'generated inside, or on the edge', (scms, random) => {
      const signer = leaf(scms, random, { issuer: scms.worldwidePca, fields: { region } });
      return { bytes: message(scms, signer, { generationLocation: location(place) }), options: REQUIRED };
    }),
  ),
  special(
    'message',
    'location/not required',
    'no location from a certificate with a circle, as deployed',
    (scms, random) =>
      message(scms, leaf(scms, random, { issuer: scms.worldwidePca, fields: { region: circle(42.5, -83.5, 1000) } })),
  ),
];
