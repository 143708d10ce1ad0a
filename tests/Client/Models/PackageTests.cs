using System.Diagnostics;
using System.IO.Compression;
using FlowGrain.Tests.Docs;
using FlowGrain.Tests.Silo.Inference;

namespace FlowGrain.Tests.Client.Models;

/// <summary>The package, as a project that has never seen this repository takes it.</summary>
public sealed class PackageTests(RegistrySilo silo) : IClassFixture<RegistrySilo>, IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 300_000)]
    public async Task A_fresh_project_restores_it_and_asks_a_silo()
    {
        var model = silo.Publish("packed", versions: 1);
        await Pack("client/FlowGrain.Client.csproj");
        RequireWhole("FlowGrain.Client");
        RequireWhole("FlowGrain.Contracts");

        await Build("FlowGrain.Client", await File.ReadAllTextAsync(Path.Combine(Repository.Root, "client/Example/Program.cs"), TestContext.Current.CancellationToken));
        var output = await Run(TestContext.Current.CancellationToken, _folder.In("out/app.dll"), $"{silo.Url}", model);
        Assert.Contains("mean log-density of 100000 samples: -", output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 300_000)]
    public async Task A_fresh_project_computes_a_model_with_the_flows_alone_as_their_readme_says()
    {
        await Pack("flows/FlowGrain.Flows.csproj");
        RequireWhole("FlowGrain.Flows");
        await Build("FlowGrain.Flows", Document.Read("flows/README.md").Sections.SelectMany(section => section.Blocks).Single(block => block.Info == "csharp").Text);
        var output = await Run(TestContext.Current.CancellationToken, _folder.In("out/app.dll"), Path.Combine(Repository.Root, "tests/Grains/Serving/format-1/models/maf/1"));
        Assert.Matches("^[a-z0-9, ]+: -?[0-9.]+ nats\n$", output);
    }

    /// <summary>A program that has the package and nothing else of ours.</summary>
    private async Task Build(string package, string program)
    {
        Directory.CreateDirectory(_folder.In("app"));
        _folder.Write("nuget.config", $"<configuration><packageSources><add key=\"packages\" value=\"packages\" /></packageSources><fallbackPackageFolders><add key=\"here\" value=\"{Packages()}\" /></fallbackPackageFolders></configuration>");
        _folder.Write("app/app.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable></PropertyGroup>
              <ItemGroup><PackageReference Include="{package}" Version="0.1.0-test" /></ItemGroup>
            </Project>
            """);
        _folder.Write("app/Program.cs", program);
        await Run(TestContext.Current.CancellationToken, "build", _folder.In("app"), "-o", _folder.In("out"), "-v", "quiet", "-nodeReuse:false");
    }

    /// <summary>From what the tests were built of: a version of its own, so that no cache has it.</summary>
    private Task Pack(string project) => Run(
        TestContext.Current.CancellationToken,
        "pack", "-c", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "--no-build", Path.Combine(Repository.Root, project),
        "-o", _folder.In("packages"), "-p:PackageVersion=0.1.0-test", "-v", "quiet", "-nodeReuse:false");

    private void RequireWhole(string package)
    {
        using var zip = ZipFile.OpenRead(_folder.In($"packages/{package}.0.1.0-test.nupkg"));
        Assert.All(["README.md", $"lib/net10.0/{package}.dll", $"lib/net10.0/{package}.xml"], name => Assert.NotNull(zip.GetEntry(name)));
        var about = new StreamReader(zip.GetEntry($"{package}.nuspec")!.Open()).ReadToEnd();
        Assert.All(["<license type=\"expression\">MIT</license>", "<description>", "<tags>flowgrain", "<readme>README.md</readme>"], words => Assert.Contains(words, about, StringComparison.Ordinal));
        using var program = new MemoryStream();
        zip.GetEntry($"lib/net10.0/{package}.dll")!.Open().CopyTo(program);
        Assert.Equal(-1, program.ToArray().AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(Repository.Root + "/")));
        using var symbols = ZipFile.OpenRead(_folder.In($"packages/{package}.0.1.0-test.snupkg"));
        Assert.NotNull(symbols.GetEntry($"lib/net10.0/{package}.pdb"));
    }

    /// <summary>Where this machine keeps packages that it has already: the others come from its feeds.</summary>
    private static string Packages() => Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private async Task<string> Run(CancellationToken cancellation, params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", words) { WorkingDirectory = _folder.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        (start.Environment["NUGET_PACKAGES"], start.Environment["DOTNET_NOLOGO"]) = (_folder.In("cache"), "1");
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
        await process.WaitForExitAsync(cancellation);
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', words)}: {await output}{await errors}");
        return await output;
    }
}
