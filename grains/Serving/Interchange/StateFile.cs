using FlowGrain.Flows.Interchange;

namespace FlowGrain.Serving;

/// <summary>A state dict as a file: npz or safetensors.</summary>
public static class StateFile
{
    /// <summary>What its name may end with.</summary>
    public const string Npz = ".npz";

    /// <inheritdoc cref="Npz"/>
    public const string Safetensors = ".safetensors";

    /// <summary>Reads every tensor; what the file is, its first bytes say.</summary>
    /// <exception cref="BadInputException">It is no such file, or damaged, or not there.</exception>
    public static Dictionary<string, StateTensor> Read(string path)
    {
        var file = Path.GetFileName(path);
        try
        {
            using var stream = File.OpenRead(path);
            var isZip = stream.ReadByte() == 'P' && stream.ReadByte() == 'K';
            stream.Position = 0;
            return isZip ? StateNpz.Read(stream, file) : StateSafetensors.Read(stream);
        }
        catch (InvalidDataException damaged)
        {
            throw new BadInputException($"'{file}' is neither a whole npz nor a whole safetensors file. {damaged.Message} Save the state dict again, with numpy.savez or safetensors.torch.save_file.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"'{path}' cannot be read: {error.Message}");
        }
    }

    /// <summary>Writes tensors, as the name of the file says.</summary>
    internal static void Write(Stream stream, string path, IReadOnlyList<(string Name, StateTensor Tensor)> tensors)
    {
        if (Path.GetExtension(path).Equals(Npz, StringComparison.OrdinalIgnoreCase)) StateNpz.Write(stream, tensors);
        else StateSafetensors.Write(stream, tensors);
    }
}
