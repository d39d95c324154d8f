using System.Net;
using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Guides.Alerts;
using Guides.Deployment;
using IncomingCalls.Guides.Tests.Recording;
using IncomingCalls.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Guides.Tests;

/// <summary>A host behind nginx, both configured as docs/deployment.md shows.</summary>
public sealed class NginxTests(NginxFixture nginx) : IClassFixture<NginxFixture>
{
    [NginxFact]
    public async Task Post_NotificationOfTwoMegabytes_Arrives()
    {
        var message = NotificationJson.CreateMessage(2_000_000);

        (await nginx.PostAsync(message, NginxFixture.AllowedSender)).Should().Be(HttpStatusCode.OK);

        nginx.Recorded.OtherTypes.Should().Contain(("incomingMessageReceived", message.Length));
    }

    [NginxTheory]
    [InlineData(NginxFixture.AllowedSender, null, HttpStatusCode.OK)]
    [InlineData(NginxFixture.OtherSender, null, HttpStatusCode.Forbidden)]
    [InlineData(NginxFixture.OtherSender, NginxFixture.AllowedSender, HttpStatusCode.Forbidden)]
    public async Task Post_AllowedSenders_ComparesTheAddressOfTheClientOfNginx(string sender, string? forwardedFor, HttpStatusCode expected) =>
        (await nginx.PostAsync(NotificationJson.CreateMessage(), sender, forwardedFor)).Should().Be(expected);

    [NginxFact]
    public async Task Get_EventStream_PassesOnEachEventAtOnce()
    {
        using var client = nginx.CreateClient(NginxFixture.AllowedSender);
        await using var stream = await client.GetStreamAsync("/alerts").WaitAsync(TimeSpan.FromSeconds(30));
        await using var items = SseParser.Create(stream).EnumerateAsync().GetAsyncEnumerator();

        foreach (var caller in new[] { "Anna", "Boris" })
        {
            nginx.Alerts.Show(new(caller, caller));
            do
            {
                (await items.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30))).Should().BeTrue();
            }
            while (!items.Current.Data.Contains(caller, StringComparison.Ordinal));
        }
    }
}

/// <summary>nginx with the file of the page, in which only the addresses and the folder of the certificate are replaced, and the host behind it.</summary>
public sealed class NginxFixture : IAsyncLifetime
{
    public const string AllowedSender = "127.0.0.2";
    public const string OtherSender = "127.0.0.3";

    private const string Token = "nginx";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incoming-calls-nginx-");
    private X509Certificate2? _certificate;
    private WebApplication? _app;
    private NginxProcess? _nginx;

    internal RecordedCalls Recorded => _app!.Services.GetRequiredService<RecordedCalls>();

    internal AlertFeed Alerts => _app!.Services.GetRequiredService<AlertFeed>();

    public async Task InitializeAsync()
    {
        if (NginxProcess.Missing is null)
        {
            _certificate = WriteCertificate();
            _app = await StartHostAsync();
            _nginx = await NginxProcess.StartAsync(ReadSite);
        }
    }

    /// <summary>Creates a client that connects to nginx from an address.</summary>
    public HttpClient CreateClient(string sender) => new(new SocketsHttpHandler
    {
        SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => _certificate!.GetCertHashString() == certificate?.GetCertHashString() },
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(sender).MapToIPv6(), 0));
            await socket.ConnectAsync(IPAddress.Loopback.MapToIPv6(), _nginx!.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    { BaseAddress = new($"https://localhost:{_nginx!.Port}") };

    public async Task<HttpStatusCode> PostAsync(string json, string sender, string? forwardedFor = null)
    {
        using var client = CreateClient(sender);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/green-api") { Content = new StringContent(json) };
        request.Headers.Authorization = new("Bearer", Token);
        if (forwardedFor is not null)
        {
            request.Headers.Add("X-Forwarded-For", forwardedFor);
        }

        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }

    public async Task DisposeAsync()
    {
        if (_nginx is not null)
        {
            await _nginx.DisposeAsync();
            await _app!.DisposeAsync();
            _certificate!.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    private static async Task<WebApplication> StartHostAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddEventSourceLogger();
        builder.Configuration["IncomingCalls:Webhook:Tokens:0"] = Token;
        builder.Configuration["IncomingCalls:Webhook:AllowedSenders:0"] = AllowedSender;
        builder.Services.AddAuthorization().AddSingleton<RecordedCalls>();
        ProxiedHost.Add(builder);
        AlertsHost.Add(builder).AddOtherNotificationHandler<OtherTypeRecorder>();
        var app = builder.Build();
        ProxiedHost.Use(app);
        AlertsHost.Map(app).AllowAnonymous();
        await app.StartAsync();
        return app;
    }

    private X509Certificate2 WriteCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(Path.Combine(_folder.FullName, "calls.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder.FullName, "calls.key"), key.ExportPkcs8PrivateKeyPem());
        return certificate;
    }

    /// <summary>Reads the file of the page.</summary>
    private string ReadSite(int port)
    {
        var site = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Pages", "calls.conf"));
        foreach (var (shown, used) in new[]
        {
            ("listen 443", $"listen 127.0.0.1:{port}"),
            ("/etc/nginx/tls", _folder.FullName),
            ("http://127.0.0.1:5000", _app!.Urls.Single()),
        })
        {
            site.Should().Contain(shown);
            site = site.Replace(shown, used, StringComparison.Ordinal);
        }

        return site;
    }
}
