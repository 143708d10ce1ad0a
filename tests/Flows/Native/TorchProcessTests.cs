using System.Diagnostics;
using FlowGrain.Flows.Native;

namespace FlowGrain.Tests.Flows.Native;

/// <summary>Torch in processes of its own.</summary>
public sealed class TorchProcessTests : IDisposable
{
    private static readonly string Program = typeof(TorchProcessTests).Assembly.Location;

    private readonly string _folder = Directory.CreateTempSubdirectory("flowgrain-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Several_processes_at_once_load_torch_with_an_empty_cache()
    {
        var outputs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => TorchProbe.Run(Program, _folder)));
        Assert.All(outputs, output => Assert.Equal($"sum 12, threads 1, from {NativeFolders.OfPackages().LibTorch}\n", output));
        Assert.Equal(SystemCxx.HasNewestDemand ? 0 : 1, Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public async Task Torch_loads_where_no_cache_can_be_written() =>
        Assert.StartsWith("sum 12", await TorchProbe.Run(Program, cache: "/dev/null/nowhere"));

    [Fact]
    public async Task A_load_that_fails_says_what_to_do_and_copies_nothing()
    {
        var output = await TorchProbe.Run(Program, cache: "/dev/null/nowhere", temp: "/dev/null/nowhere");
        Assert.Contains(SystemCxx.HasNewestDemand ? "sum 12" : "Fix = Set XDG_CACHE_HOME", output);
        Assert.DoesNotContain("Consolidating", output); // TorchSharp's word for copying everything
    }

    [Fact]
    public async Task A_published_program_carries_torch_once_and_flat_and_needs_nothing_else()
    {
        await Publish("silo");
        var libraries = Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(_folder, file))
            .Where(file => file.Contains("torch", StringComparison.OrdinalIgnoreCase) && file.Contains(".so", StringComparison.Ordinal));
        Assert.Equal(["libLibTorchSharp.so", "libtorch.so", "libtorch_cpu.so"], libraries.Order(StringComparer.Ordinal));
        Assert.Equal($"sum 12, threads 1, from {_folder}/\n", await TorchProbe.Run(Path.Combine(_folder, "FlowGrain.Silo.dll"), cache: "/dev/null/nowhere"));
    }

    // What this test run was built from; hard links spare half a gigabyte of copying.
    private async Task Publish(string project)
    {
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)).Split('_')[0];
        string[] arguments = ["publish", project, "--no-build", "-c", configuration, "-o", _folder, "-p:CreateHardLinksForPublishFilesIfPossible=true"];
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = Repository.Root, RedirectStandardOutput = true, RedirectStandardError = true };
        var output = await TorchProbe.Output(start);
        Assert.True(File.Exists(Path.Combine(_folder, "FlowGrain.Silo.dll")), output);
    }
}
