import type { Product } from './products';

export class Basket {
  readonly #quantities = new Map<Product, number>();

  add(product: Product, quantity = 1): void {
    this.#quantities.set(product, (this.#quantities.get(product) ?? 0) + quantity);
  }

  /** In cents. */
  get total(): number {
    let sum = 0;
    for (const [product, quantity] of this.#quantities) {
      sum += product.price * quantity;
    }
    return sum;
  }
}

/** Every choice of products that costs exactly `amount` cents: what a gift card can be spent on in full. */
export function exactChoices(products: readonly Product[], amount: number): Product[][] {
  const found: Product[][] = [];
  const choose = (start: number, left: number, chosen: readonly Product[]): void => {
    if (left === 0) {
      found.push([...chosen]);
      return;
    }
    for (let index = start; index < products.length; index++) {
      const product = products[index]!;
      if (product.price <= left) {
        choose(index + 1, left - product.price, [...chosen, product]);
      }
    }
  };
  choose(0, amount, []);
  return found;
}
