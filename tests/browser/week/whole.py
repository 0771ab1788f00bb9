"""The whole of an officer's week, in its order; for the test, and for pictures of its pages."""

from __future__ import annotations

from tests.browser.week import Week, people, ready, requests, settings


def live_through(week: Week) -> None:
    """From the one-time link to the day somebody else is in charge."""
    with week.somebody() as officer, week.somebody() as agent:
        ready.come_in(week, officer)
        ready.say_how_to_reach(week, officer)
        ready.say_what_is_held(week, officer)
        ready.invite_an_agent(week, officer, agent)
        ready.try_the_letters(week, officer)
        ready.try_a_request(week, officer)
        ready.publish_the_policy(week, officer)
        settings.change_the_settings(week, officer)
        settings.dress_the_portal(week, officer)
        on_paper = requests.enter_what_came_on_paper(week, officer)
        requests.post_the_acknowledgement(week, officer)
        requests.look_everything_up(week, officer, on_paper)
        requests.decide(week, officer, on_paper)
        from_the_portal = requests.take_up_a_request(week, agent)
        people.part_with_the_agent(week, officer, agent, from_the_portal)
        people.be_away(week, officer)
        people.hand_the_charge_over(week, officer)
