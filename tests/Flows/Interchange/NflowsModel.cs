using FlowGrain.Flows.Interchange;
using static FlowGrain.Tests.Flows.Interchange.PythonNumbers;

namespace FlowGrain.Tests.Flows.Interchange;

/// <summary>Builds flows as nflows has them: names, masks and formulas of its layers.</summary>
internal sealed class NflowsModel(int columns, int context = 0)
{
    internal const int Hidden = 8;
    internal const int Bins = 5;
    internal const double Bound = 3;

    private int _layers;

    internal PythonFlow Flow { get; } = new(columns, context);

    /// <summary>Where the next layer's names begin.</summary>
    internal Func<int, string> Name { get; init; } = layer => $"_transform._transforms.{layer}.";

    internal NflowsModel Affine()
    {
        var prefix = Name(_layers++);
        var (shift, scale) = (Flow.Random($"{prefix}_shift", [columns]), Flow.Random($"{prefix}_scale", [columns], 0.2, center: 0.7));
        Flow.Layers.Add((x, _) => ([.. x.Select((value, i) => value * scale[i] + shift[i])], scale.Sum(Math.Log)));
        return this;
    }

    internal NflowsModel Permuted()
    {
        var order = Flow.Permutation();
        Flow.Buffer($"{Name(_layers++)}_permutation", StateType.Int64, [columns], order.Select(column => (double)column));
        Flow.Layers.Add((x, _) => ([.. order.Select(column => x[column])], 0));
        return this;
    }

    internal NflowsModel BatchNorm()
    {
        const double Epsilon = 1e-5;

        var prefix = Name(_layers++);
        var (weight, bias) = (Flow.Random($"{prefix}unconstrained_weight", [columns]), Flow.Random($"{prefix}bias", [columns]));
        var (mean, variance) = (Flow.Random($"{prefix}running_mean", [columns]), Flow.Random($"{prefix}running_var", [columns], 0.3, center: 0.8));
        double[] scale = [.. weight.Select((w, i) => (Softplus(w) + Epsilon) / Math.Sqrt(variance[i] + Epsilon))];
        Flow.Layers.Add((x, _) => ([.. x.Select((value, i) => scale[i] * (value - mean[i]) + bias[i])], scale.Sum(Math.Log)));
        return this;
    }

    internal NflowsModel ActNorm()
    {
        var prefix = Name(_layers++);
        var (logScale, shift) = (Flow.Random($"{prefix}log_scale", [columns]), Flow.Random($"{prefix}shift", [columns]));
        Flow.Buffer($"{prefix}initialized", StateType.Bool, [], [1]);
        Flow.Layers.Add((x, _) => ([.. x.Select((value, i) => Math.Exp(logScale[i]) * value + shift[i])], logScale.Sum()));
        return this;
    }

    internal NflowsModel Lu()
    {
        var (prefix, entries) = (Name(_layers++), columns * (columns - 1) / 2);
        var (lower, upper) = (Flow.Random($"{prefix}lower_entries", [entries]), Flow.Random($"{prefix}upper_entries", [entries]));
        var (diagonal, bias) = (Flow.Random($"{prefix}unconstrained_upper_diag", [columns]).Select(value => Softplus(value) + 1e-3).ToArray(), Flow.Random($"{prefix}bias", [columns]));
        Flow.Layers.Add((x, _) => (Times(Times(x, upper, isLower: false, diagonal), lower, isLower: true, null).Select((value, i) => value + bias[i]).ToArray(), diagonal.Sum(Math.Log)));
        return this;
    }

    internal NflowsModel Coupling(bool spline, bool residual = true, int first = 0, bool divided = true)
    {
        var prefix = Name(_layers++);
        int[] passed = [.. Enumerable.Range(0, columns).Where(column => column % 2 == first)], mapped = [.. Enumerable.Range(0, columns).Except(passed)];
        Flow.Buffer($"{prefix}identity_features", StateType.Int64, [passed.Length], passed.Select(column => (double)column));
        Flow.Buffer($"{prefix}transform_features", StateType.Int64, [mapped.Length], mapped.Select(column => (double)column));
        var net = Net($"{prefix}transform_net.", passed.Length, mapped.Length * (spline ? 3 * Bins - 1 : 2), residual);
        Flow.Layers.Add((x, c) =>
        {
            var (made, y, total) = (net([.. passed.Select(column => x[column])], c), (double[])x.Clone(), 0.0);
            for (var i = 0; i < mapped.Length; i++)
            {
                var (shift, scale) = (made[i], spline ? 0 : Sigmoid(made[mapped.Length + i] + 2) + 1e-3);
                (y[mapped[i]], var logSlope) = spline ? Splined(x[mapped[i]], made, i, divided ? Math.Sqrt(Hidden) : 1) : (x[mapped[i]] * scale + shift, Math.Log(scale));
                total += logSlope;
            }

            return (y, total);
        });
        return this;
    }

    internal NflowsModel Autoregressive(bool spline, bool residual = true, int blocks = 2)
    {
        var net = Made($"{Name(_layers++)}autoregressive_net.", spline ? 3 * Bins - 1 : 2, residual, blocks);
        Flow.Layers.Add((x, c) =>
        {
            var (made, y, total) = (net(x, c), new double[columns], 0.0);
            for (var i = 0; i < columns; i++)
            {
                var scale = spline ? 0 : Softplus(made[2 * i]) + 1e-3;
                (y[i], var logSlope) = spline ? Splined(x[i], made, i, 1) : (x[i] * scale + made[2 * i + 1], Math.Log(scale));
                total += logSlope;
            }

            return (y, total);
        });
        return this;
    }

    /// <summary>A triangular matrix times a row; its entries come row by row.</summary>
    private double[] Times(double[] x, double[] entries, bool isLower, double[]? diagonal)
    {
        var (y, next) = (new double[columns], 0);
        for (var row = 0; row < columns; row++)
        {
            y[row] = x[row] * (diagonal?[row] ?? 1);
            for (var column = isLower ? 0 : row + 1; column < (isLower ? row : columns); column++) y[row] += entries[next++] * x[column];
        }

        return y;
    }

    private static (double, double) Splined(double x, double[] made, int column, double root)
    {
        var numbers = made.AsSpan(column * (3 * Bins - 1), 3 * Bins - 1).ToArray();
        return Spline(x, Shares(numbers[..Bins]), Shares(numbers[Bins..(2 * Bins)]), [1, .. numbers[(2 * Bins)..].Select(u => 1e-3 + Softplus(u)), 1], Bound);

        double[] Shares(double[] logits) => [.. Softmax([.. logits.Select(logit => logit / root)]).Select(share => 1e-3 + (1 - 1e-3 * Bins) * share)];
    }

    private PythonNet Net(string prefix, int inputs, int outputs, bool residual)
    {
        if (!residual)
        {
            var (a, b, last) = (Flow.Linear($"{prefix}0.", Hidden, inputs), Flow.Linear($"{prefix}2.", Hidden, Hidden), Flow.Linear($"{prefix}4.", outputs, Hidden));
            return (x, _) => last(Relu(b(Relu(a(x)))));
        }

        var (initial, final) = (Flow.Linear($"{prefix}initial_layer.", Hidden, inputs + context), Flow.Linear($"{prefix}final_layer.", outputs, Hidden));
        var blocks = Enumerable.Range(0, 2).Select(k => (
            First: Flow.Linear($"{prefix}blocks.{k}.linear_layers.0.", Hidden, Hidden),
            Second: Flow.Linear($"{prefix}blocks.{k}.linear_layers.1.", Hidden, Hidden),
            Gate: context == 0 ? null : Flow.Linear($"{prefix}blocks.{k}.context_layer.", Hidden, context))).ToArray();
        return (x, c) => final(blocks.Aggregate(initial([.. x, .. c]), (h, block) =>
        {
            var step = block.Second(Relu(block.First(Relu(h))));
            return Plus(h, block.Gate is null ? step : [.. step.Zip(block.Gate(c), (value, gate) => value * Sigmoid(gate))]);
        }));
    }

    private PythonNet Made(string prefix, int each, bool residual, int blocks)
    {
        int[] inputs = [.. Enumerable.Range(1, columns)], hidden = [.. Enumerable.Range(0, Hidden).Select(unit => unit % (columns - 1) + 1)], outputs = [.. Enumerable.Range(0, columns * each).Select(row => row / each + 1)];
        var initial = Masked("initial_layer.", hidden, inputs, isOutput: false);
        var entry = context == 0 ? null : Flow.Linear($"{prefix}context_layer.", Hidden, context);
        var middle = Enumerable.Range(0, blocks).Select(k => residual ? Residual(k) : Plain(k)).ToArray();
        var final = Masked("final_layer.", outputs, hidden, isOutput: true);
        return (x, c) =>
        {
            var h = initial(x);
            if (entry is not null) h = Plus(h, Relu(entry(c)));
            if (!residual) h = Relu(h);
            return final(middle.Aggregate(h, (value, block) => block(value, c)));
        };

        PythonNet Plain(int k)
        {
            var linear = Masked($"blocks.{k}.linear.", hidden, hidden, isOutput: false);
            return (h, _) => Relu(linear(h));
        }

        PythonNet Residual(int k)
        {
            var (first, second) = (Masked($"blocks.{k}.linear_layers.0.", hidden, hidden, isOutput: false), Masked($"blocks.{k}.linear_layers.1.", hidden, hidden, isOutput: false));
            var added = context == 0 ? null : Flow.Linear($"{prefix}blocks.{k}.context_layer.", Hidden, context);
            return (h, c) => Plus(h, second(Relu(added is null ? first(Relu(h)) : Plus(first(Relu(h)), added(c)))));
        }

        Func<double[], double[]> Masked(string name, int[] rows, int[] inner, bool isOutput)
        {
            bool[][] mask = [.. rows.Select(row => inner.Select(degree => isOutput ? row > degree : row >= degree).ToArray())];
            Flow.Buffer($"{prefix}{name}mask", StateType.Float32, [rows.Length, inner.Length], mask.SelectMany(row => row.Select(seen => seen ? 1.0 : 0)));
            Flow.Buffer($"{prefix}{name}degrees", StateType.Int64, [rows.Length], rows.Select(degree => (double)degree));
            return Flow.Linear($"{prefix}{name}", rows.Length, inner.Length, mask);
        }
    }
}

/// <summary>A net of a row and its context.</summary>
internal delegate double[] PythonNet(double[] x, double[] context);
