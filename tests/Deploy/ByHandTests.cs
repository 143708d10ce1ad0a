using static FlowGrain.Tests.Deploy.Deployment;

namespace FlowGrain.Tests.Deploy;

/// <summary>What was published runs where there is a runtime and no SDK: three silos, Redis and Prometheus, as deploy/by-hand starts them.</summary>
public sealed class ByHandTests : IDisposable
{
    private const long Most = 700_000_000; // bytes, of which libtorch has 460 million

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 300_000)]
    public async Task Published_silos_train_through_a_kill_to_the_same_bits_are_watched_and_answer_who_has_a_key()
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        await Run(_folder.Path, "dotnet", "publish", "-c", configuration, "--no-build", In("silo"), "-o", _folder.In("silo"), "-v", "quiet", "-nodeReuse:false");
        Assert.InRange(new DirectoryInfo(_folder.In("silo")).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length), 1, Most);
        RuntimeAlone();

        var said = await Run(_folder.Path, "env", $"DOTNET={_folder.In("runtime/dotnet")}", In("deploy/by-hand"), _folder.In("silo"), _folder.In("trial"));
        TestContext.Current.TestOutputHelper!.WriteLine(said);
        Assert.All(["three silos are a cluster", "silo-3 is killed at step", "with the same weights", "silo-3 is back, and Prometheus sees it", "\"name\":\"log_prob\"", "all is stopped"], words => Assert.Contains(words, said));
    }

    [Fact]
    public async Task Without_a_published_silo_it_says_what_it_wants()
    {
        var said = await Assert.ThrowsAnyAsync<Exception>(() => Run(_folder.Path, In("deploy/by-hand"), _folder.Path, _folder.In("trial")));
        Assert.Contains("ends with 2", said.Message);
        Assert.Contains("SILO is what dotnet publish made", said.Message);
    }

    /// <summary>This machine's dotnet without its SDK: a host of its own beside links to the shared frameworks.</summary>
    private void RuntimeAlone()
    {
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../.."));
        var runtime = Directory.CreateDirectory(_folder.In("runtime")).FullName;
        File.Copy(Path.Combine(root, "dotnet"), Path.Combine(runtime, "dotnet"));
        foreach (var part in (string[])["host", "shared"]) Directory.CreateSymbolicLink(Path.Combine(runtime, part), Path.Combine(root, part));
    }
}
