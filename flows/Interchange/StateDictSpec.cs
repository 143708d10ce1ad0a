using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Flows.Interchange;

/// <summary>What a state dict does not say of its flow: SPEC.json of <c>models import</c>. Sizes are not in it; the shapes of the tensors say them.</summary>
public sealed record StateDictSpec
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        WriteIndented = true,
    };

    /// <summary>Its layers.</summary>
    public required FlowArchitecture Architecture { get; init; }

    /// <summary>Names of the columns, in their order.</summary>
    public required ImmutableArray<string> Columns { get; init; }

    /// <summary>Names of the columns conditioned on, in their order.</summary>
    public ImmutableArray<string> Context { get; init; } = [];

    /// <summary>Where the splines end: B of [−B, B].</summary>
    public double? TailBound { get; init; }

    /// <summary>The standardisation that Python code did before the flow; null where it did none.</summary>
    public StandardizeSpec? Standardize { get; init; }

    /// <summary>The standardisation of the context; null where there was none.</summary>
    public StandardizeSpec? ContextScaling { get; init; }

    /// <summary>Whether nflows divides the logits of the splines of its coupling layers by the root of the net's width, as where the net has the attribute <c>hidden_features</c>. Its own residual net has it; of another this must be said.</summary>
    public bool? DividedLogits { get; init; }

    /// <summary>The least slope of zuko's maps, where it is not the default 10⁻³; affine ones may have 0.1 too, which is ours. Of nflows 0.1 says that its affine layers have our scale in the place of their own.</summary>
    public double? Slope { get; init; }

    /// <summary>Rows with the log-densities that Python gave them, which the imported flow must give too; null for no such proof.</summary>
    public StateDictProof? Proof { get; init; }

    /// <summary>Reads a spec.</summary>
    /// <exception cref="ArgumentException">It is none; the message says why.</exception>
    public static StateDictSpec Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var spec = JsonSerializer.Deserialize<StateDictSpec>(json, Options) ?? throw new JsonException("it is null");
            var problems = spec.Problems().ToList();
            return problems.Count == 0 ? spec : throw new ArgumentException(string.Join(" ", problems));
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            throw new ArgumentException($"It is no description of a state dict: {error.Message}", error);
        }
    }

    /// <summary>The JSON, indented for people.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, Options);

    private IEnumerable<string> Problems()
    {
        if (Columns.IsDefaultOrEmpty) yield return "'columns' names no columns.";
        if (!Columns.IsDefault && !Context.IsDefault && Columns.Concat(Context).GroupBy(name => name).FirstOrDefault(names => names.Count() > 1) is { } twice) yield return $"'columns' and 'context' name '{twice.Key}' twice.";
        foreach (var problem in Columns.IsDefault ? [] : Standardize?.Problems(new FlowShape(Columns.Length, 0)) ?? []) yield return $"'standardize': {problem}";
        if (Architecture.IsSpline() && TailBound is not > 0) yield return "'tailBound' must say where the splines end, above zero.";
        if (!Architecture.IsSpline() && TailBound is not null) yield return "'tailBound' is of splines; leave it out.";
        if (Context.IsEmpty && ContextScaling is not null) yield return "'contextScaling' is there, and 'context' is not.";
        if (Slope is { } slope && slope != ScalarMaps.ZukoSlope.Least && (Architecture.IsSpline() || slope != OwnSlope)) yield return $"'slope' is {slope}; it can be 0.001, or of affine layers 0.1.";
    }

    /// <summary>zuko's affine map with this least slope is ours, and so is that of nflows with the scale <c>exp(a / (1 + |a| / log 10))</c>.</summary>
    internal const double OwnSlope = 0.1;
}

/// <summary>Rows and their log-densities.</summary>
/// <param name="Rows">Rows of the columns and the context, units of the data.</param>
/// <param name="LogProb">The log-density of each, nats.</param>
public sealed record StateDictProof(ImmutableArray<ImmutableArray<double>> Rows, ImmutableArray<double> LogProb);

/// <summary>What the layers of a flow are, by the names of our presets.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FlowArchitecture>))]
public enum FlowArchitecture
{
    /// <summary>Affine coupling layers.</summary>
    [JsonStringEnumMemberName("realnvp")]
    RealNvp,

    /// <summary>Affine autoregressive layers.</summary>
    [JsonStringEnumMemberName("maf")]
    Maf,

    /// <summary>Coupling layers of rational-quadratic splines.</summary>
    [JsonStringEnumMemberName("nsf")]
    Nsf,

    /// <summary>Autoregressive layers of rational-quadratic splines.</summary>
    [JsonStringEnumMemberName("nsf-ar")]
    NsfAr,
}

/// <summary>Questions about an <see cref="FlowArchitecture"/>.</summary>
internal static class Architectures
{
    internal static bool IsSpline(this FlowArchitecture architecture) => architecture is FlowArchitecture.Nsf or FlowArchitecture.NsfAr;

    internal static bool IsCoupling(this FlowArchitecture architecture) => architecture is FlowArchitecture.RealNvp or FlowArchitecture.Nsf;

    /// <summary>The name of our preset.</summary>
    internal static string Preset(this FlowArchitecture architecture) => architecture switch
    {
        FlowArchitecture.RealNvp => "realnvp",
        FlowArchitecture.Maf => "maf",
        FlowArchitecture.Nsf => "nsf",
        _ => "nsf-ar",
    };
}
