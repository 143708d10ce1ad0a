using System.Collections.Immutable;
using System.Security.Cryptography;
using FlowGrain.Data;
using FlowGrain.Flows;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Interchange;
using FlowGrain.Flows.Numerics;
using FlowGrain.Storage;
using FlowGrain.Training;

namespace FlowGrain.Serving;

/// <summary>Makes an archive of a model from a Python library's state dict, and a state dict from an archive. Both are files of whoever runs the command, so that a cluster needs to know of neither.</summary>
public static class StateDictModel
{
    private const int Draws = 20_000; // of which a thousandth lie beyond either end of a column's range

    /// <summary>Writes an archive that the registry takes as it takes an exported version.</summary>
    /// <param name="library">The library; see <see cref="FlowImport.Libraries"/>.</param>
    /// <param name="file">The state dict, npz or safetensors.</param>
    /// <param name="spec">What it does not say: a JSON file, see docs/import.md.</param>
    /// <param name="name">The model.</param>
    /// <param name="archive">Receives the archive, in a folder that is there for nothing else.</param>
    /// <exception cref="BadInputException">It cannot be imported; the sentences name every tensor that is in the way.</exception>
    public static void Pack(string library, string file, string spec, string name, string archive)
    {
        var imported = Import(library, file, spec);
        float[] weights = [.. imported.Parameters.Select(value => (float)value)];
        using var engine = FlowEngines.Create(imported.Flow);
        weights.CopyTo(engine.Parameters);
        var golden = GoldenRows.Of(engine);
        var model = new StoredModel(name, 1, imported.Flow, Record(library, file, name, engine, golden, weights), weights) { Golden = golden };
        var home = Path.GetDirectoryName(archive)!;
        var whole = Path.Combine(home, "whole");
        using (var folder = StagingFolder.Create(home, TimeProvider.System))
        {
            ModelFolder.Write(folder, model, rounds: []);
            folder.Commit(whole);
        }

        using var stream = File.Create(archive);
        ModelArchive.Write(whole, stream);
    }

    /// <summary>Writes the model of an archive as a state dict, and beside it the JSON file with which it can be imported again.</summary>
    /// <param name="archive">The archive, in a folder that is there for nothing else.</param>
    /// <param name="library">The library.</param>
    /// <param name="output">Receives the state dict, npz or safetensors.</param>
    /// <returns>The JSON file.</returns>
    /// <exception cref="BadInputException">The library cannot express the model; the sentence says which transform.</exception>
    public static string Unpack(string archive, string library, string output)
    {
        using var folder = StagingFolder.Create(Path.GetDirectoryName(archive)!, TimeProvider.System);
        ModelArchive.Unpack(archive, folder);
        var (flow, record, weights, _) = ModelFolder.ReadAll(folder.Path);
        var exported = Refusing(() => FlowExport.Write(library, flow, weights), $"The model cannot be exported to {library}. ");
        var spec = Path.ChangeExtension(output, ".json");
        using var tensors = WholeFile.Create(output);
        tensors.Fill(stream => StateFile.Write(stream, output, exported.Tensors));
        WholeFile.Write(spec, (exported.Spec with { Proof = ModelFolder.Golden(folder.Path, flow, record) is { } golden ? Proof(flow, golden) : null }).Write());
        tensors.Commit();
        return spec;
    }

    private static ImportedFlow Import(string library, string file, string spec)
    {
        var tensors = StateFile.Read(file);
        return Refusing(() => FlowImport.Read(library, tensors, StateDictSpec.Read(Bytes(spec))), $"'{Path.GetFileName(file)}' cannot be imported with '{Path.GetFileName(spec)}'. ");
    }

    private static byte[] Bytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"'{path}' cannot be read: {error.Message}");
        }
    }

    private static T Refusing<T>(Func<T> make, string what)
    {
        try
        {
            return make();
        }
        catch (ArgumentException refused)
        {
            throw new BadInputException(what + refused.Message);
        }
    }

    private static StateDictProof Proof(FlowSpec flow, GoldenRows golden)
    {
        var width = flow.Columns.Length + flow.Context.Length;
        return new StateDictProof([.. golden.LogDensity.Select((_, row) => golden.Rows.AsSpan(row * width, width).ToArray().ToImmutableArray())], [.. golden.LogDensity.Select(score => (double)score)]);
    }

    private static RunRecord Record(string library, string file, string name, IFlowEngine engine, GoldenRows golden, float[] weights)
    {
        var (flow, device) = (engine.Spec, FlowEngines.DeviceClassOf(engine.Spec));
        return new RunRecord
        {
            Format = RunRecord.CurrentFormat,
            Result = new RunResult(
                name, name, 1, Rows: 0, flow.Columns.Length, weights.Length, Steps: 0, Epochs: 0, TrainNll: double.NaN, ValidationNll: double.NaN, GaussianNll: double.NaN,
                RowsPerSecond: 0, Seconds: 0, ModelStore.Sha256(weights), device, Path: ""),
            Plan = new TrainingPlan { Data = new DataSelection(Path.GetFileName(file), flow.Columns, flow.Context, MissingRows.Refuse), Model = flow.Preset },
            Imported = new ImportOrigin(library, Path.GetFileName(file), Convert.ToHexStringLower(SHA256.HashData(Bytes(file)))),
            SpecHash = flow.Hash(),
            DataRoot = "",
            TrainRows = 0,
            ValidationRows = 0,
            TestRows = 0,
            RoundTripError = golden.RoundTripError,
            BestStep = 0,
            GaussianMean = [],
            GaussianCovariance = [],
            Ranges = Ranges(engine),
            Losses = [],
        };
    }

    /// <summary>The 0.1% and 99.9% quantiles of samples, in the place of those of training rows; with a context of those at its mean.</summary>
    private static ImmutableArray<ColumnRange> Ranges(IFlowEngine engine)
    {
        var (d, c) = (engine.Spec.Columns.Length, engine.Spec.Context.Length);
        var (latent, rows) = (new float[Draws * d], new double[Draws * d]);
        double[] context = [.. Enumerable.Range(0, Draws * c).Select(i => engine.Spec.ContextScaling!.Shift[i % c])];
        engine.Draw(new CounterRandom(0, "ranges"), 0, context, latent);
        engine.Generate(latent, context, rows);
        return [.. Enumerable.Range(0, d).Select(column => Range([.. Enumerable.Range(0, Draws).Select(row => rows[row * d + column]).Order()]))];
    }

    private static ColumnRange Range(double[] sorted) => new(sorted[Draws / 1000], sorted[^(Draws / 1000)]);
}
