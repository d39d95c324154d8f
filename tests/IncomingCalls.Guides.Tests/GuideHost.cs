using System.Net;
using System.Net.Http.Headers;
using IncomingCalls.Guides.Tests.Recording;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Guides.Tests;

/// <summary>A host in memory that is configured with the code of a page, with a temporary folder for its files.</summary>
internal sealed class GuideHost : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incoming-calls-guide-");
    private readonly WebApplication _app;

    private GuideHost(Action<WebApplicationBuilder> configure, Action<WebApplication> map)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders().AddEventSourceLogger();
        builder.Configuration["IncomingCalls:Sqlite:Path"] = Path.Combine(_folder.FullName, "calls.db");
        builder.Configuration["ConnectionStrings:Customers"] = $"Data Source={Path.Combine(_folder.FullName, "customers.db")};Pooling=false";
        builder.Services.AddAuthorization().AddSingleton<RecordedCalls>();
        configure(builder);
        _app = builder.Build();
        map(_app);
    }

    public IServiceProvider Services => _app.Services;

    public RecordedCalls Recorded => Services.GetRequiredService<RecordedCalls>();

    public HttpClient Client => field ??= _app.GetTestClient();

    public static async Task<GuideHost> StartAsync(Action<WebApplicationBuilder> configure, Action<WebApplication> map)
    {
        var host = new GuideHost(configure, map);
        await host._app.StartAsync();
        return host;
    }

    /// <summary>Posts a notification; the result is the status of the answer.</summary>
    public async Task<HttpStatusCode> PostAsync(string path, string json, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, new MediaTypeHeaderValue("application/json")) };
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        using var response = await Client.SendAsync(request);
        return response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
