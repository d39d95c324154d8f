using System.CommandLine;
using IncomingCalls.Cli.Output;

namespace IncomingCalls.Cli.Connections;

/// <summary>The options that name the webhook of a host, for every command that posts to one.</summary>
internal sealed class WebhookOptions
{
    private readonly Option<string?> _address = new("--webhook") { HelpName = "url" };

    private readonly Option<string?> _token = new("--webhook-token")
    {
        Description = "The token for the Authorization header, sent as 'Bearer token' unless it names its scheme. Otherwise that of the "
            + "configuration, IncomingCalls:Webhook:Tokens:0.",
        HelpName = "token",
    };

    private readonly Option<FileInfo?> _config;

    /// <param name="command">The command.</param>
    /// <param name="isRequired">Whether it cannot do without an address.</param>
    /// <param name="description">What the address is for.</param>
    /// <param name="config">The option that names the file, where the command has it already.</param>
    public WebhookOptions(Command command, bool isRequired, string description, Option<FileInfo?>? config = null)
    {
        _config = config ?? HostConfiguration.CreateOption();
        _address.Required = isRequired;
        _address.Description = description;
        // The vendor's own rule, and the mistake that is made most: an address without its scheme.
        _address.Validators.Add(result =>
        {
            if (ParseAddress(result.GetValueOrDefault<string?>()) is null)
            {
                result.AddError("--webhook takes an address such as http://127.0.0.1:5000/webhooks/green-api.");
            }
        });
        command.Options.Add(_address);
        command.Options.Add(_token);
        if (config is null)
        {
            command.Options.Add(_config);
        }
    }

    /// <summary>The address; null when there is none.</summary>
    public Uri? GetAddress(ParseResult arguments) => ParseAddress(arguments.GetValue(_address));

    /// <summary>What the Authorization header says; null for no header.</summary>
    /// <exception cref="CommandFailedException">The configuration cannot be read.</exception>
    public string? GetAuthorization(ParseResult arguments)
    {
        var token = arguments.GetValue(_token) ?? HostConfiguration.Load(arguments.GetValue(_config))["IncomingCalls:Webhook:Tokens:0"];
        return Testing.Push.WebhookAuthorization.CreateHeader(token?.Trim() ?? "", scheme: "Bearer");
    }

    private static Uri? ParseAddress(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address : null;
}
