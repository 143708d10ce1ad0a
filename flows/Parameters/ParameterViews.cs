using static TorchSharp.torch;

namespace FlowGrain.Flows;

/// <summary>
/// The flat buffer as tensors: every parameter is a view of <see cref="Values"/> and its gradient a view of
/// <see cref="Gradient"/>, into which autograd accumulates.
/// </summary>
/// <remarks>Never call <c>zero_grad()</c>: it destroys the gradient views. Clear <see cref="Gradient"/> instead.</remarks>
public sealed class ParameterViews : IDisposable
{
    private readonly Dictionary<string, Tensor> _views = [];
    private readonly Dictionary<string, Tensor> _masks = [];

    /// <summary>Allocates buffers for a layout, filled with zeros.</summary>
    public ParameterViews(ParameterLayout layout, ScalarType dtype)
    {
        Layout = layout;
        Values = zeros(layout.Count, dtype);
        Gradient = zeros(layout.Count, dtype);
        foreach (var block in layout.Blocks)
        {
            _views.Add(block.Name, View(block));
            if (block.Mask is not null) _masks.Add(block.Name, Mask(block, dtype));
        }
    }

    /// <summary>Which parameter lies where.</summary>
    public ParameterLayout Layout { get; }

    /// <summary><c>[P]</c>, all parameters.</summary>
    public Tensor Values { get; }

    /// <summary><c>[P]</c>, gradients in the same places.</summary>
    public Tensor Gradient { get; }

    /// <summary>The parameter of this name, a leaf that requires gradients.</summary>
    public Tensor this[string name] => _views[name];

    /// <summary>The parameter of this name with zeros behind its mask, which no gradient passes; without a mask the parameter itself.</summary>
    public Tensor Masked(string name) => _masks.TryGetValue(name, out var mask) ? _views[name] * mask : _views[name];

    /// <summary>The parameters below a name.</summary>
    public ViewScope In(string name) => new ViewScope(this, "").In(name);

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var view in _views.Values)
        {
            view.grad?.Dispose();
            view.Dispose();
        }

        foreach (var mask in _masks.Values) mask.Dispose();
        Values.Dispose();
        Gradient.Dispose();
    }

    private Tensor View(ParameterBlock block)
    {
        long[] shape = [.. block.Shape.Select(size => (long)size)];
        using var scope = NewDisposeScope();
        var value = Values.narrow(0, block.Offset, block.Count).view(shape).detach();
        value.requires_grad = true;
        value.grad = Gradient.narrow(0, block.Offset, block.Count).view(shape).DetachFromDisposeScope();
        return value.DetachFromDisposeScope();
    }

    /// <summary>The block's shape, one where an entry is free and zero where it is masked.</summary>
    private static Tensor Mask(ParameterBlock block, ScalarType dtype)
    {
        var mask = new double[block.Count];
        Array.Fill(mask, 1);
        block.ApplyMask(mask.AsSpan());
        return tensor(mask, block.Shape[0], block.Shape[1], dtype).DetachFromDisposeScope();
    }
}

/// <summary>A place in the tree of parameter names, from which a transform takes its own; mirrors <see cref="ParameterScope"/>.</summary>
public readonly struct ViewScope
{
    private readonly ParameterViews _views;
    private readonly string _prefix;

    internal ViewScope(ParameterViews views, string prefix) => (_views, _prefix) = (views, prefix);

    /// <summary>The tensor of this name.</summary>
    public Tensor this[string name] => _views[_prefix + name];

    /// <summary>The tensor of this name behind its mask; see <see cref="ParameterViews.Masked"/>.</summary>
    public Tensor Masked(string name) => _views.Masked(_prefix + name);

    /// <summary>The scope one name further down.</summary>
    public ViewScope In(string name) => new(_views, $"{_prefix}{name}.");
}
