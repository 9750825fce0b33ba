using System.Collections.Immutable;
using Krmx;
using Krmx.State;
using Microsoft.AspNetCore.Components;

namespace Cards.Client;

/// <summary>A table as one player sees it. What the page shows is the shared state and nothing else.</summary>
public sealed partial class Table
{
    private const string FeltKey = "felt";

    private static readonly string[] Felts = ["seagreen", "steelblue", "indianred", "slategray"];

    private readonly KrmxClient _client = new();
    private readonly ClientProjection<GameView> _game;
    private readonly ClientStream<ImmutableArray<Line>> _talk;
    private readonly ClientAtoms _atoms;
    private string? _trouble;
    private string _saying = "";

    public Table()
    {
        _game = _client.AddProjection("game", GameModel.Model);
        _talk = _client.AddStream("talk", TalkModel.Model);
        _atoms = _client.AddAtoms();
        _game.OnChange(_ => StateHasChanged());
        _talk.OnChange(_ => StateHasChanged());
        _atoms.OnChange(_ => StateHasChanged());
        _client.OnStatus(status =>
        {
            _trouble = status == ClientStatus.Reconnecting ? "The connection was lost. Trying again…" : null;
            StateHasChanged();
        });
    }

    [Parameter]
    public string Room { get; set; } = "";

    [Parameter]
    [SupplyParameterFromQuery]
    public string Name { get; set; } = "";

    private bool IsLinked => _client.Status == ClientStatus.Linked;

    private bool IsMyTurn => _game is { IsLive: true, View.Turn: string turn } && turn == Name;

    private string Situation => _game.View switch
    {
        null => "",
        { Winner: string winner } => winner == Name ? "You win the round!" : $"{winner} wins the round.",
        { IsPlaying: false, Seats.Length: < 2 } => "Waiting for somebody to play with. Send them the table's name.",
        { IsPlaying: false } => "Deal when everybody is here.",
        { Turn: null } => "…",
        { Turn: string turn, HasDrawn: bool hasDrawn } when turn == Name => hasDrawn ? "Your turn: play or pass." : "Your turn: play or draw.",
        { Turn: string turn } => $"It is {turn}'s turn.",
    };

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    protected override async Task OnInitializedAsync()
    {
        var page = new Uri(Navigation.BaseUri);
        string scheme = page.Scheme == "https" ? "wss" : "ws";
        try
        {
            await _client.ConnectAsync($"{scheme}://{page.Authority}/tables/{Uri.EscapeDataString(Room)}");
            await _client.LinkAsync(Name);
        }
        catch (KrmxException error)
        {
            _trouble = $"You cannot sit down here: {error.Message}.";
        }
    }

    private static string Count(int cards) => cards == 1 ? "1 card" : $"{cards} cards";

    private static string Colour(Card card) => card.Suit is Suit.Diamonds or Suit.Hearts ? "red" : "black";

    private static MarkupString Face(Card card)
    {
        string rank = card.Rank is >= Rank.Jack ? card.Rank.ToString()[..1] : ((int)card.Rank).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return new MarkupString($"<span class=\"rank\">{rank}</span><span class=\"suit\">{"♣♦♥♠"[(int)card.Suit]}</span>");
    }

    private Task ActAsync(KrmxAction action) => TryAsync(() => _game.DispatchAsync(action));

    private Task SayAsync()
    {
        string text = _saying;
        _saying = "";
        return text.Trim().Length == 0 ? Task.CompletedTask : TryAsync(() => _talk.DispatchAsync(TalkModel.Say(text)));
    }

    private async Task TryAsync(Func<Task<DispatchResult>> dispatch)
    {
        _trouble = null;
        try
        {
            DispatchResult result = await dispatch();
            _trouble = result.IsAccepted ? null : $"That is not possible: {result.Reason}.";
        }
        catch (KrmxException error)
        {
            _trouble = $"Nobody knows whether that counted: {error.Message}.";
        }
    }

    private async Task LeaveAsync()
    {
        try
        {
            await _client.LeaveAsync();
        }
        catch (KrmxException)
        {
            // Not linked, or no longer: then the seat stays, and whoever comes back under the name has it.
        }
        Navigation.NavigateTo("");
    }
}
