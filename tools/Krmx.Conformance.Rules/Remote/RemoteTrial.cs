namespace Krmx.Conformance.Remote;

/// <summary>A rule tried on a server over the network, whatever becomes of it.</summary>
internal static class RemoteTrial
{
    /// <exception cref="SiteUnreachableException">No connection could be made.</exception>
    public static async Task<RuleResult> RunAsync(Rule rule, RemoteSite site)
    {
        if (rule.NeedsApplication)
            return new RuleResult(rule, Outcome.NotApplicable, "needs to see what the application is told");
        if (rule.Extension is string extension && !site.Extensions.Contains(extension))
            return new RuleResult(rule, Outcome.NotApplicable, $"needs a server that grants the extension {extension}");
        try
        {
            await rule.TryAsync(setup => RemoteServer.StartAsync(site, setup));
            return new RuleResult(rule, Outcome.Passed, null);
        }
        catch (NotApplicableException need)
        {
            return new RuleResult(rule, Outcome.NotApplicable, need.Message);
        }
        catch (Exception error) when (error is not SiteUnreachableException)
        {
            // Whatever a hostile server makes the harness throw is the server's failure.
            return new RuleResult(rule, Outcome.Failed, error.Message);
        }
    }
}
