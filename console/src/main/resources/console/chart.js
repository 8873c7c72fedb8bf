// Failures a second: a bar each, the newest at the right.

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 480;
const HEIGHT = 64;

export function draw(svg, series) {
  const peak = Math.max(1, ...series);
  while (svg.childElementCount < series.length) svg.append(document.createElementNS(SVG, "rect"));
  const step = WIDTH / series.length;
  series.forEach((failures, i) => {
    const height = failures === 0 ? 0 : Math.max(2, failures / peak * (HEIGHT - 2));
    const bar = svg.children[i];
    bar.setAttribute("x", (i * step).toFixed(2));
    bar.setAttribute("width", (step * 0.8).toFixed(2));
    bar.setAttribute("y", (HEIGHT - height).toFixed(2));
    bar.setAttribute("height", height.toFixed(2));
  });
}
