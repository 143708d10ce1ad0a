namespace FlowGrain.Flows.Kernels;

/// <summary>A column of a block in which rows may lack a value: those pass a layer as they came; see <see cref="MissingColumns"/>.</summary>
/// <param name="known">For each row 1 where it has a value, else 0; null where every row has one.</param>
/// <param name="room">32 floats.</param>
internal readonly unsafe struct PassedColumn<T>(float* known, float* room) where T : struct, ILanes<T>
{
    /// <summary>Notes the log-determinants before the column is mapped.</summary>
    internal void Note(float* logDet)
    {
        if (known != null) Columns.Copy<T>(logDet, room);
    }

    /// <summary>Takes back what the map did to rows without a value.</summary>
    internal void Restore(float* from, float* to, float* logDet)
    {
        if (known == null) return;
        for (var row = 0; row < Tile.BlockRows; row += T.Count)
        {
            var isKnown = IsKnown(row);
            T.Store(to + row, T.Select(isKnown, T.Load(to + row), T.Load(from + row)));
            T.Store(logDet + row, T.Select(isKnown, T.Load(logDet + row), T.Load(room + row)));
        }
    }

    /// <summary>The weights of the rows with a value; the loss's derivative of the others is set to 0.</summary>
    internal float* Weigh(float* weight, float* gradient)
    {
        if (known == null) return weight;
        for (var row = 0; row < Tile.BlockRows; row += T.Count)
        {
            var isKnown = IsKnown(row);
            T.Store(room + row, T.Select(isKnown, T.Load(weight + row), T.All(0f)));
            T.Store(gradient + row, T.Select(isKnown, T.Load(gradient + row), T.All(0f)));
        }

        return room;
    }

    private T IsKnown(int row) => T.AtLeast(T.Load(known + row), T.All(MissingColumns.Half));
}
