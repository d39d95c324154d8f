using System.CommandLine;
using IncomingCalls.Cli.Output;

namespace IncomingCalls.Cli.Connections;

/// <summary>The options that specify the webhook of a host, for all commands that post to one.</summary>
internal sealed class WebhookOptions
{
    private readonly Option<string?> _address = new("--webhook") { HelpName = "url" };

    private readonly Option<string?> _token = new("--webhook-token")
    {
        Description = "The token for the Authorization header, sent as 'Bearer token' unless it contains a scheme. By default the token "
            + "of the configuration, IncomingCalls:Webhook:Tokens:0.",
        HelpName = "token",
    };

    private readonly Option<FileInfo?> _config;

    /// <param name="command">The command.</param>
    /// <param name="isRequired">Whether the address is required.</param>
    /// <param name="description">The description of the address option.</param>
    /// <param name="config">The option for the configuration file, if the command already has one; otherwise null.</param>
    public WebhookOptions(Command command, bool isRequired, string description, Option<FileInfo?>? config = null)
    {
        _config = config ?? HostConfiguration.CreateOption();
        _address.Required = isRequired;
        _address.Description = description;
        // The same rule as the vendor's. An address without a scheme is the most frequent mistake.
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

    /// <summary>Gets the address; null when none is specified.</summary>
    public Uri? GetAddress(ParseResult arguments) => ParseAddress(arguments.GetValue(_address));

    /// <summary>Gets the value of the Authorization header; null for no header.</summary>
    /// <exception cref="CommandFailedException">The configuration cannot be read.</exception>
    public string? GetAuthorization(ParseResult arguments)
    {
        var token = arguments.GetValue(_token) ?? HostConfiguration.Load(arguments.GetValue(_config))["IncomingCalls:Webhook:Tokens:0"];
        return Testing.Push.WebhookAuthorization.CreateHeader(token?.Trim() ?? "", scheme: "Bearer");
    }

    private static Uri? ParseAddress(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address : null;
}
