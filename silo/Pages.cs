namespace FlowGrain.Silo;

/// <summary>The page at <c>/</c>, from files beside the program.</summary>
internal static class Pages
{
    extension(WebApplication app)
    {
        /// <summary>Serves them.</summary>
        internal void MapPages()
        {
            app.UseDefaultFiles();
            app.UseStaticFiles();
        }
    }
}
