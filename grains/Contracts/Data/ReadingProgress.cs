namespace FlowGrain.Data;

/// <summary>How far a job is with the file that it reads.</summary>
/// <param name="Rows">Rows done.</param>
/// <param name="Bytes">Bytes of the file read.</param>
/// <param name="Fraction">Share of the work done, in [0, 1]; it begins again where a file has to be read twice.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.data.ReadingProgress")]
public sealed record ReadingProgress(
    [property: Id(0)] long Rows,
    [property: Id(1)] long Bytes,
    [property: Id(2)] double Fraction);
