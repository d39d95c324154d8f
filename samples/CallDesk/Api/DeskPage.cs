using CallDesk.Demo;
using Microsoft.Net.Http.Headers;

namespace CallDesk.Api;

/// <summary>The pages of <c>wwwroot</c> in the language of the reader, with a banner in demo mode.</summary>
internal sealed class DeskPage(IWebHostEnvironment environment, DemoMode demo)
{
    public async Task<IResult> GetAsync(string file, HttpRequest request, CancellationToken cancellationToken)
    {
        var language = LanguageOf(request);
        var html = await File.ReadAllTextAsync(Path.Combine(environment.WebRootPath, file), cancellationToken);
        html = html.Replace("<html lang=\"en\">", $"<html lang=\"{language}\">", StringComparison.Ordinal);
        if (demo.IsOn)
        {
            html = html.Replace("<!-- banner -->", $"<p class=\"banner\" role=\"note\">{BannerText(language)}</p>", StringComparison.Ordinal);
        }

        return TypedResults.Content(html, "text/html; charset=utf-8");
    }

    private static string LanguageOf(HttpRequest request) =>
        request.Query["lang"].Concat(AcceptedLanguages(request))
            .Select(language => language?.Split('-')[0].ToLowerInvariant())
            .FirstOrDefault(language => language is "ru" or "en") ?? "en";

    private static IEnumerable<string> AcceptedLanguages(HttpRequest request) =>
        request.GetTypedHeaders().AcceptLanguage
            .OrderByDescending(language => language, StringWithQualityHeaderValueComparer.QualityComparer)
            .Select(language => language.Value.ToString());

    private static string BannerText(string language) => language == "ru"
        ? "<strong>Демонстрация.</strong> Звонки создаёт встроенный эмулятор GREEN-API, настоящих клиентов здесь нет."
        : "<strong>Demonstration.</strong> A built-in GREEN-API simulator places these calls; there are no real clients here.";
}

internal static class DeskPageEndpoints
{
    public static void MapDeskPage(this IEndpointRouteBuilder endpoints, string path, string file) =>
        endpoints.MapGet(path, (DeskPage page, HttpRequest request, CancellationToken cancellationToken) => page.GetAsync(file, request, cancellationToken));
}
