using System.Diagnostics;
using FlowGrain.Cli;

namespace FlowGrain.Tests.Client;

/// <summary>What a shell is offered while a command is typed.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly TestCli _cli = new();

    public CompletionTests()
    {
        foreach (var folder in (string[])["models/mine/1", "models/mine/12", "models/other/1", "models/.staging-x/1", "models/empty", "runs/mine", "runs/half", "runs/no name"])
            Directory.CreateDirectory(Path.Combine(_cli.Home, folder));
        _cli.Variables["FLOWGRAIN_HOME"] = _cli.Home;
    }

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("mod", "models")]
    [InlineData("runs show ", "half mine")]
    [InlineData("runs wait h", "half")]
    [InlineData("train your.csv --name ", "half mine")]
    [InlineData("train your.csv --model ns", "nsf nsf-ar")]
    [InlineData("train your.csv --missing ", "drop mask refuse")]
    [InlineData("score your.csv --model ", "mine other")]
    [InlineData("score your.csv --model mine@", "mine@1 mine@12")]
    [InlineData("models delete ot", "other")]
    [InlineData("models show --home /nowhere ", "")]
    [InlineData("plot --kind ", "density latent layers loss pairs")]
    [InlineData("runs wait mine --for ", "failed finished stopped")]
    [InlineData("completion ", "bash zsh")]
    [InlineData("help ex", "exit-codes")]
    [InlineData("score ", "")] // a file: the shell knows them
    [InlineData("sample --model mine --out ", "")]
    public async Task Words_that_fit_are_offered_without_a_cluster(string typed, string words)
    {
        var host = _cli.Host() with { Connect = (_, _, _) => throw new InvalidOperationException("no silo is fast enough") };
        Assert.Equal(ExitCode.Ok, await CommandLine.Run([$"[suggest:{typed.Length}]", typed], host));
        Assert.Empty(_cli.Error);
        var offered = _cli.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(word => word[0] is not ('-' or '/')).Order(StringComparer.Ordinal);
        Assert.Equal(words, string.Join(' ', offered.Where(word => word.StartsWith(typed.Split(' ')[^1], StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("flowgrain tra", "train")]
    [InlineData("flowgrain runs show ", "half mine")]
    [InlineData("flowgrain train --mo", "--mode --model")]
    [InlineData("flowgrain score your.csv --model mine@", "1 12")] // bash keeps what stands before the @
    [InlineData("flowgrain score ", "")]
    public async Task Bash_is_offered_the_same(string line, string words)
    {
        if (OperatingSystem.IsWindows()) return;
        var program = _cli.Write("flowgrain", $"#!/usr/bin/env bash\nexec dotnet '{RealProcess.Program("FlowGrain.Cli", "flowgrain.dll")}' \"$@\"\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await _cli.Run("completion", "bash");
        var test = $"{_cli.Out}\nCOMP_LINE='{line}' COMP_POINT={line.Length} COMP_WORDS=('{program}') COMP_CWORD=1\n_flowgrain\necho \"${{COMPREPLY[*]}}\"";
        Assert.Equal(words, (await Bash(test)).TrimEnd('\n'));
    }

    [Theory, InlineData("bash", "complete -o"), InlineData("zsh", "#compdef flowgrain")]
    public async Task A_shell_is_given_its_script(string shell, string words)
    {
        Assert.Equal(ExitCode.Ok, await _cli.Run("completion", shell));
        Assert.Contains(words, _cli.Out);
    }

    [Fact]
    public async Task Another_shell_is_refused()
    {
        Assert.Equal(ExitCode.Usage, await _cli.Run("completion", "fish"));
        Assert.StartsWith("There is no completion for 'fish'; give bash or zsh.\n", _cli.Error);
    }

    private async Task<string> Bash(string script)
    {
        var start = new ProcessStartInfo("bash", ["-uc", script]) { RedirectStandardOutput = true };
        start.Environment["FLOWGRAIN_HOME"] = _cli.Home;
        using var bash = Process.Start(start)!;
        var output = await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await bash.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, bash.ExitCode);
        return output;
    }
}
