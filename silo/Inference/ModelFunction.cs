using System.Collections.Immutable;
using FlowGrain.Serving;

namespace FlowGrain.Silo.Inference;

/// <summary>What a served model can be asked: the protocol knows models, and each of ours is one for every function.</summary>
/// <param name="engine">The version that answers.</param>
internal abstract class ModelFunction(ModelEngine engine)
{
    /// <summary>The tensors that it takes.</summary>
    internal abstract ImmutableArray<TensorDescription> Inputs { get; }

    /// <summary>The tensors that it gives, in this order.</summary>
    internal abstract ImmutableArray<TensorDescription> Outputs { get; }

    /// <summary>The version that answers.</summary>
    internal ModelEngine Engine => engine;

    /// <summary>The function of a name: that of a model itself, or with a suffix another of its functions.</summary>
    /// <exception cref="BadInputException">The model cannot do it.</exception>
    internal static ModelFunction Of(ModelEngine engine, string suffix) => suffix switch
    {
        SampleFunction.Suffix => new SampleFunction(engine),
        DetectFunction.Suffix => new DetectFunction(engine),
        _ => new DensityFunction(engine),
    };

    /// <summary>Answers a request.</summary>
    /// <exception cref="BadInputException">An input is absent, or of another shape; or an input or output is not known.</exception>
    internal Task<ImmutableArray<OutputTensor>> Infer(InferenceRequest request, CancellationToken cancellation)
    {
        if (request.Raw is { } raw) request = request with { Inputs = [Only(raw.Span)] };
        foreach (var input in request.Inputs) RequireKnown("input", input.Name, Inputs);
        foreach (var output in request.Outputs) RequireKnown("output", output.Name, Outputs);
        return Answer(request, cancellation);
    }

    /// <summary>The only input, of as many rows as there are bytes for.</summary>
    private Tensor Only(ReadOnlySpan<byte> bytes)
    {
        if (Inputs is not [var input]) throw new BadInputException($"The body has no JSON, and the model takes {Inputs.Length} inputs ({string.Join(", ", Inputs.Select(known => known.Name))}); send JSON that names them.");
        var reader = new TensorReader(_ => { }) { Name = input.Name, Datatype = input.Datatype };
        var rowBytes = Datatype.Of(input.Name, input.Datatype).Size * input.Shape[1..].Aggregate(1L, (product, size) => product * size);
        reader.Shape.AddRange([Math.Max(1, bytes.Length / rowBytes), .. input.Shape[1..]]);
        return reader.OfBytes(bytes);
    }

    private protected abstract Task<ImmutableArray<OutputTensor>> Answer(InferenceRequest request, CancellationToken cancellation);

    /// <summary>The input of a name, which has to be there.</summary>
    internal static Tensor Need(InferenceRequest request, string name) =>
        request.Input(name) ?? throw new BadInputException($"The request lacks the input '{name}'; add it.");

    private static void RequireKnown(string what, string name, ImmutableArray<TensorDescription> known)
    {
        foreach (var one in known)
            if (one.Name == name) return;
        throw new BadInputException($"There is no {what} '{Excerpt.Of(name)}'; there {(known.Length == 1 ? "is" : "are")} {string.Join(", ", known.Select(one => one.Name))}{Nearest.Hint(name, [.. known.Select(one => one.Name)], ".")}");
    }
}

/// <summary>A tensor that a model takes or gives.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Datatype">What its numbers are.</param>
/// <param name="Shape">Its dimensions; -1 for one of any size.</param>
internal sealed record TensorDescription(string Name, string Datatype, ImmutableArray<long> Shape);
