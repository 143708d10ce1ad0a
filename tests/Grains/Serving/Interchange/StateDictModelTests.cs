using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using FlowGrain.Flows.Interchange;
using FlowGrain.Serving;
using FlowGrain.Tests.Flows.Interchange;

namespace FlowGrain.Tests.Grains.Serving.Interchange;

public sealed class StateDictModelTests : IDisposable
{
    private static readonly string Example = Path.Combine(Repository.Root, "docs", "import", "realnvp.npz");
    private static readonly string ExampleSpec = Path.ChangeExtension(Example, ".json");

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_example_of_the_documentation_becomes_a_model_that_names_its_file()
    {
        var folder = Packed(Example, ExampleSpec);
        using var record = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "run.json")));
        var imported = record.RootElement.GetProperty("imported");
        Assert.Equal(("nflows", "realnvp.npz"), (imported.GetProperty("library").GetString(), imported.GetProperty("file").GetString()));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Example))), imported.GetProperty("sha256").GetString());
        Assert.Contains("Not trained here: imported from `realnvp.npz`, a state dict of nflows", File.ReadAllText(Path.Combine(folder, "card.md")));
        var model = ModelFolder.ReadAll(folder);
        Assert.Equal(["height", "width"], model.Flow.Columns);
        Assert.NotNull(ModelFolder.Golden(folder, model.Flow, model.Record));
    }

    [Theory, InlineData("out.npz"), InlineData("out.safetensors")]
    public void A_model_is_exported_and_imported_to_the_same_weights(string file)
    {
        var folder = Packed(Example, ExampleSpec);
        var spec = StateDictModel.Unpack(_folder.In("made/model.zip"), "nflows", _folder.In(file));
        var again = Packed(_folder.In(file), spec);
        Assert.Equal(ModelFolder.ReadAll(folder).Weights, ModelFolder.ReadAll(again).Weights);
        Assert.Equal(File.ReadAllBytes(Path.Combine(folder, "flow.json")), File.ReadAllBytes(Path.Combine(again, "flow.json")));
        Assert.NotNull(StateDictSpec.Read(File.ReadAllBytes(spec)).Proof);
    }

    [Fact]
    public void Both_formats_keep_every_tensor()
    {
        var tensors = PythonFlows.Of("nflows: maf, standardised, batch norm between").Flow.Tensors;
        foreach (var file in new[] { "a.npz", "a.safetensors" })
        {
            using (var stream = File.Create(_folder.In(file))) StateFile.Write(stream, file, [.. tensors.Select(tensor => (tensor.Key, tensor.Value))]);
            var read = StateFile.Read(_folder.In(file));
            Assert.Equal(tensors.Keys.Order(), read.Keys.Order());
            Assert.All(tensors, tensor => Assert.Equal((tensor.Value.Type, StateTensor.Text(tensor.Value.Shape)), (read[tensor.Key].Type, StateTensor.Text(read[tensor.Key].Shape))));
            Assert.All(tensors, tensor => Assert.Equal(tensor.Value.Values, read[tensor.Key].Values));
        }
    }

    [Theory, InlineData(".npz"), InlineData(".safetensors")]
    public void A_file_cut_anywhere_is_refused_with_a_sentence(string extension)
    {
        var path = _folder.In($"whole{extension}");
        using (var stream = File.Create(path)) StateFile.Write(stream, path, [.. PythonFlows.Of("zuko: maf").Flow.Tensors.Select(tensor => (tensor.Key, tensor.Value))]);
        var whole = File.ReadAllBytes(path);
        foreach (var length in new[] { 0, 3, 40, whole.Length / 2, whole.Length - 1 })
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.Contains("whole", Assert.Throws<BadInputException>(() => StateFile.Read(path)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_description_that_is_none_is_refused_with_both_files()
    {
        File.WriteAllText(_folder.In("spec.json"), """{"architecture":"realnvp","columns":["a","b"],"bins":8}""");
        var error = Assert.Throws<BadInputException>(() => Packed(Example, _folder.In("spec.json")));
        Assert.StartsWith("'realnvp.npz' cannot be imported with 'spec.json'. It is no description of a state dict:", error.Message);
        Assert.Contains("bins", error.Message);
    }

    /// <summary>The folder of the model that a state dict becomes.</summary>
    private string Packed(string file, string spec)
    {
        var made = _folder.In("made");
        if (Directory.Exists(made)) Directory.Delete(made, recursive: true);
        Directory.CreateDirectory(made);
        StateDictModel.Pack("nflows", file, spec, "m", Path.Combine(made, "model.zip"));
        var folder = _folder.In($"model-{Guid.NewGuid():N}");
        ZipFile.ExtractToDirectory(Path.Combine(made, "model.zip"), folder);
        return folder;
    }
}
