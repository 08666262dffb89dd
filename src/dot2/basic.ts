import { choice, extensibleChoice, extensibleEnum, fixedOctets, sequence, sequenceOf, uint8 } from '../coer/index.ts';
import { int32, uint16, uint32, unsigned } from '../coer/integers.ts';

/** IEEE 1609.2 §6.3 basic types. Names are those of the ASN.1 module Ieee1609Dot2BaseTypes. */

export const HashedId3 = fixedOctets(3);
/** The last 8 bytes of a hash: it narrows and never identifies. */
export const HashedId8 = fixedOctets(8);

/** §6.4.3, Psid ::= INTEGER (0..MAX). */
export const Psid = unsigned;

/** §6.3.8, the hash an SPDU names; unknown values are kept and refused by the rules. */
export const HashAlgorithm = extensibleEnum(['sha256', 'sha384', 'sm3']);

/** §6.3.15, seconds of TAI since 2004-01-01T00:00:00Z. */
export const Time32 = uint32;

/** §6.3.17. A year is 31,556,952 s. */
export const Duration = choice({
  microseconds: uint16,
  milliseconds: uint16,
  seconds: uint16,
  minutes: uint16,
  hours: uint16,
  sixtyHours: uint16,
  years: uint16,
});

/** §6.4.14: start and duration of a validity. */
export const ValidityPeriod = sequence(
  { start: Time32, duration: Duration },
  { literal: (start, duration) => ({ start, duration }) },
);

/**
 * §6.3.19, 1e-7 degree. Any 32-bit value decodes, because certificates with impossible coordinates are deployed and their
 * signatures still have to be verified; the bounds are a rule of structure (`certificates/`).
 */
export const Latitude = int32;
/** Longitude in 1e-7 degrees. */
export const Longitude = int32;
/** The largest latitude, 90 degrees in 1e-7 degrees. */
export const MAX_LATITUDE = 900_000_000;
/** The largest longitude, 180 degrees in 1e-7 degrees. */
export const MAX_LONGITUDE = 1_800_000_000;
/** The coordinates that mean "unknown". */
export const LATITUDE_UNKNOWN = 900_000_001;
/** The value of an unknown longitude, in 1e-7 degrees. */
export const LONGITUDE_UNKNOWN = 1_800_000_001;

/** §6.3.22; elevation in decimetres above −409.6 m. */
export const ThreeDLocation = sequence(
  { latitude: Latitude, longitude: Longitude, elevation: uint16 },
  { literal: (latitude, longitude, elevation) => ({ latitude, longitude, elevation }) },
);

/** §6.4.18: a point by latitude and longitude. */
export const TwoDLocation = sequence(
  { latitude: Latitude, longitude: Longitude },
  { literal: (latitude, longitude) => ({ latitude, longitude }) },
);

/** Elements of each list of a region: above the eight that §6.4.17 asks for, bounded before allocation. */
const MAX_REGION_ELEMENTS = 256;

const CircularRegion = sequence(
  { center: TwoDLocation, radius: uint16 },
  { literal: (center, radius) => ({ center, radius }) },
);
const RectangularRegion = sequence(
  { northWest: TwoDLocation, southEast: TwoDLocation },
  { literal: (northWest, southEast) => ({ northWest, southEast }) },
);
const PolygonalRegion = sequenceOf(TwoDLocation, 3, MAX_REGION_ELEMENTS);

/** §6.4.22, UN M.49 country codes. */
const CountryAndRegions = sequence(
  { countryOnly: uint16, regions: sequenceOf(uint8, 0, MAX_REGION_ELEMENTS) },
  { literal: (countryOnly, regions) => ({ countryOnly, regions }) },
);
const RegionAndSubregions = sequence(
  { region: uint8, subregions: sequenceOf(uint16, 0, MAX_REGION_ELEMENTS) },
  { literal: (region, subregions) => ({ region, subregions }) },
);
const CountryAndSubregions = sequence({
  countryOnly: uint16,
  regionAndSubregions: sequenceOf(RegionAndSubregions, 0, MAX_REGION_ELEMENTS),
});
/** A country, or a country with its regions. */
export const IdentifiedRegion = extensibleChoice({
  countryOnly: uint16,
  countryAndRegions: CountryAndRegions,
  countryAndSubregions: CountryAndSubregions,
});

/** §6.4.17: the region in which a certificate is valid. */
export const GeographicRegion = extensibleChoice({
  circularRegion: CircularRegion,
  rectangularRegion: sequenceOf(RectangularRegion, 0, MAX_REGION_ELEMENTS),
  polygonalRegion: PolygonalRegion,
  identifiedRegion: sequenceOf(IdentifiedRegion, 0, MAX_REGION_ELEMENTS),
});
