namespace IncomingCalls.GreenApi.Instances;

/// <summary>Whether requests can be made for an instance at all.</summary>
internal static class InstanceValidator
{
    /// <summary>What is wrong and what to write, to follow "instance 1101 "; null when nothing is.</summary>
    public static string? FindProblem(CallInstance instance) =>
        instance.IdInstance <= 0 ? "has no valid IdInstance. Write the number that the console shows."
        : string.IsNullOrWhiteSpace(instance.ApiTokenInstance) ? "has no ApiTokenInstance. Write the token that the console shows."
        : FindAddressProblem(instance.ApiUrl);

    public static string? FindAddressProblem(Uri? address) =>
        address is { IsAbsoluteUri: true, Scheme: "https" or "http" } ? null
        : "has an ApiUrl that is no address of HTTP. Write the one that the console shows, such as https://7103.api.greenapi.com.";
}
