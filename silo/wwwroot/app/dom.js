// Builds elements. No markup is ever parsed, so nothing that a server says can become any.

/** An element: `h('a', { href: '#/runs', class: 'quiet', onclick }, 'runs')`. */
export function h(tag, properties, ...children) {
  return fill(document.createElement(tag), properties, children);
}

/** The same in SVG. */
export function svg(tag, properties, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), properties, children);
}

/** Adds children; what is missing, null or false, is left out. */
export const put = (element, ...children) => element.append(...children.flat(Infinity).filter(isShown));

/** Shows other children, and touches nothing where they are the same text. */
export function show(element, ...children) {
  const shown = children.flat(Infinity).filter(isShown);
  if (shown.some(child => typeof child === 'object')) element.replaceChildren(...shown);
  else if (element.textContent !== shown.join('')) element.textContent = shown.join('');
  return element;
}

/** Shows what `build` makes, once for each key: what is the same is left alone, with the pointer over it and the text selected. */
export function showOnce(element, key, build) {
  if (element.dataset.shows === key) return;
  element.dataset.shows = key;
  show(element, build());
}

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) set(element, name, value);
  put(element, children);
  return element;
}

function set(element, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name === 'style') for (const [property, to] of Object.entries(value)) element.style.setProperty(property, to); // not the attribute, which the policy forbids
  else if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
  else if (name === 'value') element.value = value;
  else element.setAttribute(name, value === true ? '' : value);
}

const isShown = child => child !== undefined && child !== null && child !== false;
