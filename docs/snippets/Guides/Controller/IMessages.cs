using System.Text.Json;

namespace Guides.Controller;

/// <summary>The part of the reader's application that handles messages and the other types of notifications.</summary>
public interface IMessages
{
    Task HandleAsync(JsonElement notification, CancellationToken cancellationToken);
}
