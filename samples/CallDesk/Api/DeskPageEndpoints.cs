namespace CallDesk.Api;

internal static class DeskPageEndpoints
{
    public static void MapDeskPage(this IEndpointRouteBuilder endpoints, string path, string file) =>
        endpoints.MapGet(path, (DeskPage page, HttpRequest request, CancellationToken cancellationToken) => page.GetAsync(file, request, cancellationToken));
}
