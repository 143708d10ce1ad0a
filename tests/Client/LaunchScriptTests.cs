using System.Diagnostics;
using System.Text.Json;

namespace FlowGrain.Tests.Client;

/// <summary>The script <c>flowgrain</c> in a small tree of its own, with a <c>dotnet</c> that only writes down what it was asked.</summary>
public sealed class LaunchScriptTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("flowgrain-script-").FullName;

    public LaunchScriptTests()
    {
        foreach (var folder in (string[])["client/Cli", "silo", "grains", "flows", "path", "elsewhere"]) Directory.CreateDirectory(Path.Combine(_root, folder));
        File.Copy(Path.Combine(Repository.Root, "flowgrain"), Path.Combine(_root, "flowgrain"));
        File.WriteAllText(Path.Combine(_root, "client/Cli/Program.cs"), "");
        Dotnet(compile: "mkdir -p artifacts/bin/FlowGrain.Cli/release; touch artifacts/bin/FlowGrain.Cli/release/flowgrain.dll");
    }

    private IReadOnlyList<string> Calls => File.Exists(Log) ? File.ReadAllLines(Log) : [];

    private string Log => Path.Combine(_root, "calls.log");

    [Fact]
    public void It_builds_once_and_then_only_runs()
    {
        Run("a b");
        Run("c");
        Assert.Equal(["build", "run", "run"], Kinds());
    }

    [Fact]
    public void A_build_that_nobody_watches_says_so_in_a_line()
    {
        Assert.Equal("building FlowGrain (once)…\n", Run("a").Error);
        Assert.Empty(Run("a").Error);
    }

    [Fact]
    public void A_newer_source_is_built()
    {
        Run("a");
        File.SetLastWriteTimeUtc(Path.Combine(_root, "client/Cli/Program.cs"), File.GetLastWriteTimeUtc(Path.Combine(_root, "artifacts/flowgrain.built")).AddSeconds(5));
        Run("b");
        Assert.Equal(["build", "run", "build", "run"], Kinds());
    }

    [Fact]
    public void A_newer_document_is_not()
    {
        Run("a");
        var document = Path.Combine(_root, "client/README.md");
        File.WriteAllText(document, "words");
        File.SetLastWriteTimeUtc(document, File.GetLastWriteTimeUtc(Path.Combine(_root, "artifacts/flowgrain.built")).AddSeconds(5));
        Run("b");
        Assert.Equal(["build", "run", "run"], Kinds());
    }

    [Fact]
    public void Several_at_once_build_once()
    {
        var running = Enumerable.Range(0, 4).Select(_ => Start("x")).ToArray();
        foreach (var process in running) Finish(process);
        Assert.Equal(1, Kinds().Count(kind => kind == "build"));
        Assert.Equal(4, Kinds().Count(kind => kind == "run"));
    }

    [Fact]
    public void A_failed_build_shows_the_errors_and_exits_1()
    {
        Dotnet(compile: "echo 'Program.cs(1,1): error CS1002: ; expected'; exit 1");
        var (code, _, error) = Run("a");
        Assert.Equal(1, code);
        Assert.Contains("error CS1002", error);
        Assert.Equal(["build"], Kinds());
    }

    [Fact]
    public void The_arguments_and_the_working_directory_are_the_users()
    {
        var (_, output, _) = Run("train 'my file.csv' --json");
        Assert.Contains($"in {Path.Combine(_root, "elsewhere")}: train|my file.csv|--json|", output);
    }

    [Theory]
    [InlineData("8.0.100 [/usr/share/dotnet/sdk]", "this dotnet has 8.0.100; install the .NET 10 SDK")]
    [InlineData("", "this dotnet has no SDK; install the .NET 10 SDK")]
    public void Without_the_sdk_it_says_which_to_install(string sdks, string words)
    {
        Dotnet(compile: "true", sdks);
        var (code, _, error) = Run("a");
        Assert.Equal(1, code);
        Assert.Contains(words, Assert.Single(error.TrimEnd().Split('\n')));
        Assert.Empty(Calls);
    }

    [Fact]
    public void Without_dotnet_it_says_so_even_when_it_is_built()
    {
        Run("a");
        File.Delete(Path.Combine(_root, "path/dotnet"));
        var (code, _, error) = Finish(Start("b", OnlyTools()));
        Assert.Equal(1, code);
        Assert.Contains("FlowGrain needs dotnet, which is not on the PATH; install the .NET 10 SDK", Assert.Single(error.TrimEnd().Split('\n')));
    }

    [Fact]
    public void Any_feature_band_of_the_10_sdk_does()
    {
        var sdk = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "global.json"))).RootElement.GetProperty("sdk");
        Assert.Equal(("10.0.100", "latestFeature"), (sdk.GetProperty("version").GetString(), sdk.GetProperty("rollForward").GetString()));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private string[] Kinds() => [.. Calls.Select(call => call.Split(' ')[0] == "build" ? "build" : "run")];

    private void Dotnet(string compile, string sdk = "10.0.400 [/usr/share/dotnet/sdk]")
    {
        var path = Path.Combine(_root, "path/dotnet");
        File.WriteAllText(path, $$"""
            #!/usr/bin/env bash
            if [[ $1 == --list-sdks ]]; then echo '{{sdk}}'; exit; fi
            echo "$1" >>'{{Log}}'
            if [[ $1 == build ]]; then cd '{{_root}}'; {{compile}}; exit; fi
            shift; printf 'in %s: ' "$PWD"; printf '%s|' "$@"
            """);
        using var chmod = Process.Start("chmod", ["+x", path]);
        chmod.WaitForExit();
    }

    private (int Code, string Output, string Error) Run(string arguments) => Finish(Start(arguments));

    private Process Start(string arguments) => Start(arguments, $"{Path.Combine(_root, "path")}:{Environment.GetEnvironmentVariable("PATH")}");

    /// <summary>A folder with what the script calls, and no dotnet.</summary>
    private string OnlyTools()
    {
        var tools = Directory.CreateDirectory(Path.Combine(_root, "tools")).FullName;
        foreach (var tool in (string[])["bash", "env", "dirname", "readlink", "find"])
        {
            var real = Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, tool)).First(File.Exists);
            File.CreateSymbolicLink(Path.Combine(tools, tool), real);
        }

        return tools;
    }

    private Process Start(string arguments, string path)
    {
        var start = new ProcessStartInfo("bash", ["-c", $"../flowgrain {arguments}"])
        {
            WorkingDirectory = Path.Combine(_root, "elsewhere"), RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["PATH"] = path;
        return Process.Start(start)!;
    }

    private static (int Code, string Output, string Error) Finish(Process process)
    {
        using (process)
        {
            var (output, error) = (process.StandardOutput.ReadToEnd(), process.StandardError.ReadToEnd());
            process.WaitForExit();
            return (process.ExitCode, output, error);
        }
    }
}
