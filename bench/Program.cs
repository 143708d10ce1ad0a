using FlowGrain.Bench;

// Benchmarks, run by hand: dotnet run -c Release --project bench -- NAME [options]. Figures go to docs/benchmarks.md.
return args switch
{
    ["splits", var file, .. var seeds] => Splits.Run(file, [.. seeds.Select(int.Parse)]),
    ["tuning", var file, .. var settings] => await Tuning.Run(file, settings),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Name a benchmark: splits FILE [SEED …], tuning FILE [KEY=VALUE …].");
    return 2;
}
