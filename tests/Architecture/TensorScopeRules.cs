namespace FlowGrain.Tests.Architecture;

/// <summary>
/// A scope of Torch belongs to one thread: after an <c>await</c> or a <c>yield</c> inside of one, tensors of others may be freed
/// with it, and its own may not.
/// </summary>
public sealed class TensorScopeRules
{
    [Fact]
    public void No_await_and_no_yield_stands_inside_a_tensor_scope()
    {
        var leaks = Repository.Sources().SelectMany(path => TensorScopes.Leaks(File.ReadAllText(path)).Select(line => $"{Path.GetRelativePath(Repository.Root, path)}:{line}"));
        Assert.Empty(leaks);
    }

    [Theory]
    [InlineData("void M() {\n using var scope = NewDisposeScope();\n await x; }", 3)]
    [InlineData("void M() {\n using var none = torch.no_grad();\n if (a) { b(); }\n foreach (var c in d) {\n await x; } }", 5)]
    [InlineData("void M() {\n using (NewDisposeScope())\n {\n yield return 1; } }", 4)]
    [InlineData("void M() {\n using (var scope = NewDisposeScope()) a = await x;\n }", 2)]
    [InlineData("void M() { var text = \"}\"; using var scope = NewDisposeScope(); // }\n await x; }", 2)]
    public void An_await_inside_a_scope_is_seen(string source, int line) => Assert.Equal([line], TensorScopes.Leaks(source));

    [Theory]
    [InlineData("void M() { using var scope = NewDisposeScope(); a(); } async Task N() { await x; }")]
    [InlineData("async Task M() { await x; using var scope = NewDisposeScope(); }")]
    [InlineData("async Task M() { using (NewDisposeScope()) a(); await x; }")]
    [InlineData("async Task M() { using (NewDisposeScope()) { a(); } await x; }")]
    [InlineData("void M() { using var scope = NewDisposeScope(); /* no await here */ a(\"await\"); }")]
    public void An_await_outside_of_scopes_is_none(string source) => Assert.Empty(TensorScopes.Leaks(source));
}
