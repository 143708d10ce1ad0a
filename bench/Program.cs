using System.Globalization;
using FlowGrain.Bench;
using FlowGrain.Bench.Densities;
using FlowGrain.Bench.Observing;
using FlowGrain.Bench.Recovering;
using FlowGrain.Bench.Scaling;
using FlowGrain.Bench.Serving;

// Benchmarks, run by hand: dotnet run -c Release --project bench -- NAME [options]. Figures go to docs/benchmarks.md.
return args switch
{
    ["splits", var file, .. var seeds] => Splits.Run(file, [.. seeds.Select(int.Parse)]),
    ["tuning", var file, .. var settings] => await Tuning.Run(file, settings),
    ["cluster-cost", var file] => await ClusterCost.Run(file),
    ["cluster"] => await ClusterSpeed.Run(),
    ["memory", var file] => await Memory.Run(file),
    ["recovery", var file] => await RecoveryTimes.Run(file),
    ["engine", .. var options] when EngineSpeed.Takes(options) => EngineSpeed.Run(options),
    ["slots"] => Slots.Run(),
    ["ingest", var path] => IngestSpeed.Run(path),
    ["large-table"] => await LargeTable.Run(),
    ["readers", var path] => ReaderSpeed.Run(Path.GetFullPath(path)),
    ["bulk-scoring", var path] => await BulkScoringSpeed.Run(path),
    ["serve"] => await ServingSpeed.Run(json: false),
    ["serve", "--json"] => await ServingSpeed.Run(json: true),
    ["soak", .. var options] when SoakOptions.Of(options) is { } soak => await Soak.Run(soak),
    ["tls"] => await TlsCost.Run(),
    ["scaling"] => await ScalingProof.Run(picture: null),
    ["scaling", "--picture", var file] => await ScalingProof.Run(file),
    ["telemetry"] => await TelemetryCost.Run(),
    ["bsds300", var folder] => await Bsds300.Run(folder),
    ["bsds300", var folder, var model, .. var settings] => await Bsds300.Run(folder, model, settings),
    ["toys", "--minutes", var minutes, .. var presets] => await Toys.Run(double.Parse(minutes, CultureInfo.InvariantCulture), presets),
    ["toys", .. var presets] => await Toys.Run(minutes: 5, presets),
    ["anomalies", var folder] => await AnomalySets.Run(folder, "nsf"),
    ["anomalies", var folder, var preset] => await AnomalySets.Run(folder, preset),
    ["matrix"] => MatrixSpeed.Run(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Name a benchmark: splits FILE [SEED …], tuning FILE [KEY=VALUE …], cluster-cost FILE, cluster, memory FILE, recovery FILE, engine [--config NAME] [--json], slots, ingest PATH, readers FILE, bulk-scoring PATH, large-table, serve [--json], soak [--minutes N] [--json], tls, scaling [--picture FILE.png], telemetry, bsds300 FOLDER [PRESET [KEY=VALUE …]], toys [--minutes N] [PRESET …], anomalies FOLDER [PRESET], matrix.");
    return 2;
}
