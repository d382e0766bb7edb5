import { scaleLinear, scaleUtc, type ScaleLinear, type ScaleTime } from "d3-scale";
import { area, line } from "d3-shape";
import { html, type Markup } from "./html.ts";

/** A part of a whole; parts of one tone have one colour, which the page has for light and for dark. */
interface Part {
  readonly name: string;
  readonly value: number;
  readonly tone: number | "rest" | "bad" | "good";
}

/** Draws a bar of parts that together are `whole`; where they are less, the rest stays empty. */
export function partsBar(label: string, parts: readonly Part[], whole: number): Markup {
  const scale = scaleLinear([0, whole > 0 ? whole : 1], [0, 100]);
  let end = 0;
  const drawn = parts.map(({ name, value, tone }) => {
    const begin = scale(end);
    end += value;
    return html`<rect
      class="tone-${tone}"
      x="${percent(begin)}"
      width="${percent(scale(end) - begin)}"
      height="100%"
      ><title>${name}</title></rect
    >`;
  });
  return html`<svg class="bar" role="img" aria-label="${label}" width="100%">${drawn}</svg>`;
}

/** A figure of the time between two moments, and the words that say it. */
export interface Span {
  readonly from: Date;
  readonly to: Date;
  readonly value: number;
  readonly text: string;
  /** Something begins anew there. */
  readonly isMarked: boolean;
}

interface TimeChart {
  readonly label: string;
  readonly spans: readonly Span[];
  readonly write: (value: number) => string;
}

interface Scales {
  readonly x: ScaleTime<number, number>;
  readonly y: ScaleLinear<number, number>;
}

/** The drawing is stretched to the page's width, and the texts are not; all in pixels but the width. */
const size = { width: 1000, height: 150, top: 12, bottom: 24 } as const;

/** Draws a figure over time, in UTC. */
export function timeChart({ label, spans, write }: TimeChart): Markup {
  const [first, last] = [spans[0], spans.at(-1)];
  if (first === undefined || last === undefined) return html``;
  const most = Math.max(...spans.map(({ value }) => value));
  const scales: Scales = {
    x: scaleUtc([first.from, last.to], [0, size.width]),
    y: scaleLinear([0, most > 0 ? most : 1], [size.height, 0]).nice(3),
  };
  return html`<svg
    class="chart"
    role="img"
    aria-label="${label}"
    width="100%"
    height="${size.top + size.height + size.bottom}"
  >
    <svg
      y="${size.top}"
      width="100%"
      height="${size.height}"
      viewBox="0 0 ${size.width} ${size.height}"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      ${plot(spans, scales)}
    </svg>
    ${levels(scales, write)}${moments(scales)}
  </svg>`;
}

/** Where nothing was measured between two spans, nothing is drawn. */
function plot(spans: readonly Span[], { x, y }: Scales): Markup[] {
  type Point = readonly [Date, number] | null;
  const points = spans.flatMap(({ from, to, value }, place): Point[] => {
    const gap = place > 0 && spans[place - 1]?.to.getTime() !== from.getTime() ? [null] : [];
    return [...gap, [from, value], [to, value]];
  });
  const left = (point: Point): number => x(point?.[0] ?? 0);
  const height = (point: Point): number => y(point?.[1] ?? 0);
  const isThere = (point: Point): boolean => point !== null;
  const below = area<Point>().defined(isThere).x(left).y0(size.height).y1(height);
  const above = line<Point>().defined(isThere).x(left).y(height);
  return [
    ...y.ticks(3).map((tick) => html`<path class="grid" d="M0,${y(tick)}H${size.width}" />`),
    html`<path class="area" d="${below(points) ?? ""}" /><path
        class="line"
        d="${above(points) ?? ""}"
      />`,
    ...spans.map(
      ({ from, to, text, isMarked }) =>
        html`${isMarked ? html`<path class="mark" d="M${x(from)},0V${size.height}" />` : ""}<rect
            class="hover"
            x="${x(from)}"
            width="${Math.max(1, x(to) - x(from))}"
            height="${size.height}"
            ><title>${text}</title></rect
          >`,
    ),
  ];
}

function levels({ y }: Scales, write: (value: number) => string): Markup[] {
  return y
    .ticks(3)
    .filter((tick) => tick > 0)
    .map((tick) => html`<text x="4" y="${size.top + y(tick) - 3}">${write(tick)}</text>`);
}

function moments({ x }: Scales): Markup[] {
  const [begin = new Date(0), end = begin] = x.domain();
  const isLong = end.getTime() - begin.getTime() > 36 * 3_600_000;
  const format = x.tickFormat(4, isLong ? "%Y-%m-%d" : "%H:%M");
  return x.ticks(4).map((tick) => {
    const place = (100 * x(tick)) / size.width;
    const anchor = place < 8 ? "start" : place > 92 ? "end" : "middle";
    return html`<text
      x="${percent(place)}"
      y="${size.top + size.height + 17}"
      text-anchor="${anchor}"
      >${format(tick)}</text
    >`;
  });
}

function percent(value: number): string {
  return `${Number(value.toFixed(3))}%`;
}
